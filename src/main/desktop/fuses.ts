// The switches in Electron's binary, as the packaged app has them: data that the packaging reads (`electronFuses` of electron-builder) and
// that a test holds against Electron's list. With `runAsNode` off the binary is no Node any more: see child_node.ts.

/** Every fuse of Electron's first fuse wire, in its order; the names are electron-builder's. */
export const FUSES = Object.freeze({
  /** ELECTRON_RUN_AS_NODE would make a signed binary run anybody's script. */
  runAsNode: false,
  enableCookieEncryption: true,
  /** NODE_OPTIONS and NODE_EXTRA_CA_CERTS are not read. */
  enableNodeOptionsEnvironmentVariable: false,
  /** No --inspect, and SIGUSR1 opens no debugger's port. */
  enableNodeCliInspectArguments: false,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  /** We ship no snapshot of our own. */
  loadBrowserProcessSpecificV8Snapshot: false,
  /** The page comes by a protocol of its own. */
  grantFileProtocolExtraPrivileges: false,
});
