// The request as a curl command: headers in order, the body byte for byte (`--data-binary` from a quoted here-document).
import type { ExchangeDetail } from "../../shared/exchange.ts";
import { ask } from "../api/ask.ts";
import { useCall, useTransport } from "../api/hooks.ts";

const LEFT_OUT = new Set(["host", "content-length", "connection", "transfer-encoding", "content-encoding", "accept-encoding", "expect"]);

export function curlCommand(exchange: ExchangeDetail, address: string, body: string): string {
  const parts = [`curl -sS -X ${exchange.method} ${quote(address.replace(/\/$/, "") + exchange.path)}`];
  for (const [name, value] of exchange.request.headers) {
    if (!LEFT_OUT.has(name.toLowerCase())) parts.push(`-H ${quote(`${name}: ${value}`)}`);
  }
  if (body === "") return parts.join(" \\\n  ");
  return `${[...parts, `--data-binary ${quote(body)}`].join(" \\\n  ")}`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Makes the command when it is asked for: the body is fetched then. */
export function useCurl(exchange: ExchangeDetail): () => Promise<string> {
  const transport = useTransport();
  const status = useCall("status.get", {}, { staleMs: 30_000 });
  return async () => {
    const parts: string[] = [];
    let offset: number | null = exchange.request.bodyBytes > 0 ? 0 : null;
    while (offset !== null) {
      const slice: { readonly text: string; readonly next: number | null } = await ask(transport, "exchange.body", {
        id: exchange.id,
        side: "request",
        offset,
      });
      parts.push(slice.text);
      offset = slice.next;
    }
    return curlCommand(exchange, status.data?.proxy.url ?? "http://localhost:9280", parts.join(""));
  };
}
