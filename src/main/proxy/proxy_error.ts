// What `startProxy` and `setUpstream` throw.

export type ProxyErrorCode = "bad_upstream" | "port_taken" | "port_forbidden" | "thread_failed";

export class ProxyError extends Error {
  override readonly name = "ProxyError";
  readonly code: ProxyErrorCode;

  constructor(code: ProxyErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** Why a port could not be listened on. `flag`: what chooses another. */
export function listenError(
  port: number,
  { code, message }: { readonly code: string; readonly message: string },
  flag: string,
): ProxyError {
  if (code === "EADDRINUSE") {
    return new ProxyError(
      "port_taken",
      `Port ${port} on 127.0.0.1 is taken by another program. Stop it, or choose another port with ${flag}.`,
    );
  }
  if (code === "EACCES") {
    return new ProxyError("port_forbidden", `Port ${port} may not be listened on by this user. Choose one above 1023 with ${flag}.`);
  }
  return new ProxyError("thread_failed", `The proxy can't listen on port ${port}: ${message}`);
}
