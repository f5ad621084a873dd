// Sends a captured request again, as it was or changed, through the proxy, so that it is captured and compared like any other.
import { request as httpRequest } from "node:http";
import type { RequestEdits } from "../../shared/contract.ts";
import type { HeaderPairs } from "../../shared/exchange.ts";
import { isElsewhere } from "../elasticsearch/route.ts";
import type { Engine } from "../engine.ts";
import { headersAgain } from "../replay/session_requests.ts";
import { ContractFailure } from "./handlers.ts";

/** Resolves when the answer has come. Throws ContractFailure. */
export async function resend(engine: Engine, id: number, edits: RequestEdits): Promise<void> {
  const session = engine.shown;
  const detail = session?.get(id);
  if (session === null || detail === null || detail === undefined)
    throw new ContractFailure("no_exchange", `There is no exchange ${id}.`, 404);
  if (engine.endpoint.proxy === null) throw new ContractFailure("stopped", "The proxy is stopped; start it, then send again.", 409);
  if (detail.request.truncated && edits.body === undefined)
    throw new ContractFailure(
      "truncated",
      `The request of exchange ${id} was longer than the capture limit and can't be sent again whole.`,
      409,
    );
  const { method = detail.method, path = detail.path, headers = detail.request.headers } = edits;
  if (!/^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(method)) throw new ContractFailure("bad_request", `"${method}" is no method.`);
  if (!/^(\/|https?:\/\/)[\x21-\x7e]*$/i.test(path))
    throw new ContractFailure("bad_request", "A path begins with / and has no blanks; write them as %20.");
  const body = edits.body === undefined ? session.rawBody(id, "request") : Buffer.from(edits.body, "utf8");
  const sent = headersAgain(id, edits.body === undefined ? headers : withoutCoding(headers));
  const length: HeaderPairs = body === null ? [] : [["content-length", String(body.byteLength)]];
  const { host, port } = receiverOf(engine, path);
  await send(port, { method, path, headers: [["host", host], ...sent, ...length] }, body).catch((error: Error) => {
    const code = "code" in error ? String(error.code) : "";
    if (code.startsWith("ERR_")) throw new ContractFailure("bad_request", `This can't be sent: ${error.message}.`);
    throw new ContractFailure("resend", `Exchange ${id} could not be sent again: ${error.message}.`, 502);
  });
}

/** Text that was written anew is not compressed, whatever the request's own body was. */
function withoutCoding(headers: HeaderPairs): HeaderPairs {
  return headers.filter(([name]) => name.toLowerCase() !== "content-encoding");
}

/** Who is sent it: the endpoint, or for another server's URL the intercept proxy. */
function receiverOf(engine: Engine, target: string): { readonly host: string; readonly port: number } {
  if (!isElsewhere(target)) return { host: `127.0.0.1:${engine.endpoint.port}`, port: engine.endpoint.port };
  const { on, port } = engine.interception.status;
  if (on) return { host: new URL(target).host, port };
  throw new ContractFailure("stopped", "The intercept proxy is off; start it, then send again.", 409);
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly headers: HeaderPairs;
}

function send(port: number, { method, path, headers }: Sent, body: Uint8Array | null): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const request = httpRequest({ host: "127.0.0.1", port, method, path, headers: headers.flat() }, (response) => {
      response.resume();
      response.on("end", resolve);
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(body ?? undefined);
  });
}
