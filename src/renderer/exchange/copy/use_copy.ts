// Makes the text of a copy when it is asked for: the body is fetched then.
import type { ExchangeDetail } from "../../../shared/exchange.ts";
import { ask } from "../../api/ask.ts";
import { useCall, useTransport } from "../../api/hooks.ts";
import type { Transport } from "../../api/transport.ts";
import { COPY_FORMATS } from "./formats.ts";
import { copiedHeaders } from "./request.ts";

/** The text of the format called `id`. */
export function useCopy(exchange: ExchangeDetail): (id: string) => Promise<string> {
  const transport = useTransport();
  const status = useCall("status.get", {}, { staleMs: 30_000 });
  return async (id) => {
    const format = COPY_FORMATS.find((known) => known.id === id);
    const url = (status.data?.proxy.url ?? "http://localhost:9280").replace(/\/$/, "");
    const elsewhere = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)(.*)$/is.exec(exchange.path);
    const body = await requestBody(transport, exchange);
    const headers = copiedHeaders(exchange.request.headers);
    const { method } = exchange;
    return format?.print({ method, url: elsewhere?.[1] ?? url, path: elsewhere?.[2] ?? exchange.path, headers, body }) ?? "";
  };
}

/** All of the request's body, its content coding undone. */
export async function requestBody(transport: Transport, { id, request }: ExchangeDetail): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let offset: number | null = request.bodyBytes > 0 ? 0 : null;
  while (offset !== null) {
    const slice: Slice = await ask(transport, "exchange.body", { id, side: "request", offset });
    pieces.push(slice.encoding === "utf8" ? new TextEncoder().encode(slice.text) : bytesOf(slice.text));
    offset = slice.next;
  }
  const body = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.byteLength, 0));
  let at = 0;
  for (const piece of pieces) {
    body.set(piece, at);
    at += piece.byteLength;
  }
  return body;
}

interface Slice {
  readonly text: string;
  readonly encoding: "utf8" | "base64";
  readonly next: number | null;
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
