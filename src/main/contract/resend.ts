// Sends a captured request again, through the proxy, so that it is captured and compared like any other.
import { request as httpRequest } from "node:http";
import { isElsewhere } from "../elasticsearch/route.ts";
import type { Engine } from "../engine.ts";
import { ContractFailure } from "./handlers.ts";

// The proxy and Node make these anew; what was redacted can't be sent again.
const LEFT_OUT = /^(host|connection|content-length|transfer-encoding|keep-alive|te|upgrade|expect|trailer|cookie|authorization)$/i;

/** Resolves when the answer has come. Throws ContractFailure. */
export async function resend(engine: Engine, id: number): Promise<void> {
  const session = engine.shown;
  const detail = session?.get(id);
  if (session === null || detail === null || detail === undefined)
    throw new ContractFailure("no_exchange", `There is no exchange ${id}.`, 404);
  if (engine.proxy === null) throw new ContractFailure("stopped", "The proxy is stopped; start it, then send again.", 409);
  if (detail.request.truncated)
    throw new ContractFailure(
      "truncated",
      `The request of exchange ${id} was longer than the capture limit and can't be sent again whole.`,
      409,
    );
  const body = session.rawBody(id, "request");
  const headers = detail.request.headers.filter(([name]) => !LEFT_OUT.test(name)).flat();
  if (body !== null) headers.push("content-length", String(body.byteLength));
  const { host, port } = receiverOf(engine, detail.path);
  await new Promise<void>((resolve, reject) => {
    const request = httpRequest(
      { host: "127.0.0.1", port, method: detail.method, path: detail.path, headers: ["host", host, ...headers] },
      (response) => {
        response.resume();
        response.on("end", resolve);
        response.on("error", reject);
      },
    );
    request.on("error", (error) => reject(new ContractFailure("resend", `Exchange ${id} could not be sent again: ${error.message}.`, 502)));
    request.end(body ?? undefined);
  });
}

/** Who is sent it: the endpoint, or for another server's URL the intercept proxy. */
function receiverOf(engine: Engine, target: string): { readonly host: string; readonly port: number } {
  if (!isElsewhere(target)) return { host: `127.0.0.1:${engine.proxyPort}`, port: engine.proxyPort };
  const { on, port } = engine.interception.status;
  if (on) return { host: new URL(target).host, port };
  throw new ContractFailure("stopped", "The intercept proxy is off; start it, then send again.", 409);
}
