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
