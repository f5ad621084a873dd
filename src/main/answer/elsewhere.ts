// The part of a request that is Elasticsearch's, asked of it on the client's behalf.
import { isArray, isObject, type JsonObject, type JsonValue, member, parseObject } from "../../shared/json.ts";
import { messageOf } from "../../shared/thrown.ts";
import type { ElasticsearchAnswer, PassedRequest } from "../elasticsearch/pass_on.ts";
import type { AskedRequest } from "../proxy/answerer.ts";
import { type Declined, declined } from "./types.ts";

/** Asks Elasticsearch the same with another body, and at another path where one is given. */
export type Elsewhere = (body: string, path?: string) => Promise<Answer | Declined>;

interface Answer {
  readonly kind: "answer";
  readonly status: number;
  readonly body: JsonObject;
}

/** The members under `name` of what Elasticsearch answers to `body`, `count` of them. */
export async function itemsOf(ask: Elsewhere, body: string, name: string, count: number): Promise<readonly JsonValue[] | Declined> {
  const answer = await ask(body);
  if (answer.kind === "declined") return answer;
  const items = member(answer.body, name);
  if (answer.status === 200 && isArray(items) && items.length === count && items.every(isObject)) return items;
  return declined("not_compared", `Elasticsearch answered its part of the request with ${answer.status}`);
}

/** Of the answer as a whole, which is made here. */
const OF_THE_WHOLE = ["filter_path", "pretty", "format"];

export function elsewhereOf(request: AskedRequest, ask: (request: PassedRequest) => Promise<ElasticsearchAnswer>): Elsewhere {
  return async (body, path) => {
    try {
      const headers = request.headers.filter(([own]) => own.toLowerCase() !== "content-encoding");
      const { method } = request;
      const { status, body: bytes } = await ask({ method, target: target(request.target, path), headers, body: Buffer.from(body, "utf8") });
      const answer = parseObject(Buffer.from(bytes).toString("utf8"));
      if (answer !== null) return { kind: "answer", status, body: answer };
      return declined("not_compared", `Elasticsearch answered its part of the request with ${status} and no JSON object`);
    } catch (error) {
      return declined("not_compared", `Elasticsearch could not be asked for its part of the request: ${messageOf(error)}`);
    }
  };
}

function target(sent: string, other?: string): string {
  const [own = "", query = ""] = [sent.split("?", 1)[0], sent.includes("?") ? sent.slice(sent.indexOf("?") + 1) : ""];
  const kept = query.split("&").filter((part) => part !== "" && !OF_THE_WHOLE.includes(part.split("=", 1)[0] ?? ""));
  const path = other ?? own;
  return kept.length === 0 ? path : `${path}?${kept.join("&")}`;
}
