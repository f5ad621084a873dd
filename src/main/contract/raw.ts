// What `/api/exchanges/ID/…` sends by itself: bodies decoded, the comparison, the statements.
import type { ExchangeDetail } from "../../shared/exchange.ts";
import type { JsonValue } from "../../shared/json.ts";
import { decodeBody, UndecodableBody } from "../elasticsearch/body.ts";
import type { Engine } from "../engine.ts";
import { header } from "../exchange/record.ts";
import { exchangeOf, type SendRaw } from "./http_server.ts";
import { profileFile } from "./profile_handlers.ts";

/** The piece called `raw` of what `request` names; null when it has none. Throws ContractFailure. */
export async function rawOf(engine: Engine, raw: Exclude<Parameters<SendRaw>[0], "share">, request: JsonValue): ReturnType<SendRaw> {
  if (raw === "ca") return { type: "application/x-pem-file", body: Buffer.from(engine.interception.info().authority.pem) };
  if (raw === "profile") return profileFile(engine, request);
  const id = exchangeOf(request);
  const session = engine.shown;
  const detail = session?.get(id);
  if (session === null || detail === null || detail === undefined) return null;
  switch (raw) {
    case "diff":
      return json(detail.searches.map(({ position, index, comparison }) => ({ position, index, ...comparison })));
    case "sql":
      return json(detail.searches.map(({ position, index, statements }) => ({ position, index, statements })));
    case "clickhouse": {
      const apart = detail.searches.some(({ clickhouseBytes }) => clickhouseBytes !== undefined);
      await session.prepareBody(id, "clickhouse");
      const whole = apart ? session.decodedBody(id, "clickhouse") : null;
      if (whole !== null) return { type: "application/json", body: whole };
      const answers = detail.searches.map((part) => part.clickhouse);
      if (answers.every((answer) => answer === null)) return null;
      const text =
        detail.endpoint === "_msearch" ? `{"responses":[${answers.map((answer) => answer ?? "null").join(",")}]}` : (answers[0] ?? "null");
      return { type: "application/json", body: Buffer.from(text) };
    }
    case "request":
    case "elasticsearch":
    case "sent":
    case "given": {
      const message = messageOf(detail, raw);
      const body = session.rawBody(id, raw);
      if (message === null || message === undefined || body === null) return null;
      return { type: header(message.headers, "content-type") || "application/octet-stream", body: decoded(message.headers, body) };
    }
  }
}

function messageOf({ request, response }: ExchangeDetail, raw: "request" | "elasticsearch" | "sent" | "given") {
  switch (raw) {
    case "request":
      return request;
    case "elasticsearch":
      return response;
    case "sent":
      return request.sent;
    case "given":
      return response?.given;
  }
}

function decoded(headers: Parameters<typeof decodeBody>[0], body: Uint8Array): Uint8Array {
  try {
    return decodeBody(headers, body);
  } catch (error) {
    if (error instanceof UndecodableBody) return body;
    throw error;
  }
}

function json(value: unknown): { readonly type: string; readonly body: Uint8Array } {
  return { type: "application/json", body: Buffer.from(JSON.stringify(value)) };
}
