// The page Intercept.
export const intercept = {
  intercept: {
    lead: "A forward proxy for http and https, for clients that can’t be pointed at the Elasticsearch endpoint.",
    on: "Listening",
    off: "Off",
    turn: "Intercept proxy",
    pointing: "Point a client here",
    proxy: "Proxy for http and https",
    environment: "Environment",
    elasticsearch: "Through the Elasticsearch endpoint",
    elasticsearchHint: "mirrored and compared like requests to the endpoint; any other host is captured only",
    passThrough: "TLS left unread",
    certificate: "Certificate",
    certificateHint:
      "To read https, Parallax vouches for each server with a certificate of its own. Its key was made on this machine and stays here.",
    name: "Name",
    fingerprint: "SHA-256",
    until: "Valid until",
    file: "File",
    save: "Save certificate",
    copy: "Copy",
    trust: "Trust it",
    undo: "Take the trust away again:",
    unavailable: "The certificate can’t be shown",
    ownPage: "A client without this page finds the certificate at http://parallax.local/ through the proxy.",
  },
} as const;
