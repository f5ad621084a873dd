// Sends generated documents by `_bulk`. Each has an id of its own and is made by `create`: sent twice, it is there once.
import type { HeaderPairs } from "../../../shared/exchange.ts";
import { isArray, isObject, type JsonObject, type JsonValue, member, parseObject } from "../../../shared/json.ts";
import { ElasticsearchAway, type ElasticsearchClient } from "../../elasticsearch/client.ts";
import { pause } from "../../pause.ts";

const CONFLICT = 409;
const TOO_MANY = 429;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

export interface ToSend {
  readonly id: string;
  readonly source: JsonObject;
}

export interface Sent {
  /** Made now, or made before. */
  readonly there: number;
  /** Refused for good. */
  readonly refused: number;
  /** Of the first refused one; "" where none was. */
  readonly reason: string;
}

export class BulkSender {
  readonly #client: ElasticsearchClient;
  readonly #path: string;
  readonly #headers: HeaderPairs;
  readonly #problem: (message: string) => void;

  /** `problem`: what it waits for; "" when it goes on. */
  constructor(client: ElasticsearchClient, index: string, headers: HeaderPairs, problem: (message: string) => void) {
    this.#client = client;
    this.#path = `/${encodeURIComponent(index)}/_bulk`;
    this.#headers = [...headers, ["content-type", "application/x-ndjson"]];
    this.#problem = problem;
  }

  /** Until all of them are there or refused, or the signal came. Throws where the whole request is refused. */
  async send(documents: readonly ToSend[], signal: AbortSignal): Promise<Sent> {
    let left = documents;
    let refused = 0;
    let reason = "";
    for (let wait = FIRST_WAIT_MS; left.length > 0 && !signal.aborted; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      const answer = await this.#ask(left);
      if (typeof answer === "string") {
        this.#problem(answer);
        await pause(wait, signal);
        continue;
      }
      const again = left.filter((_, at) => statusOf(answer[at]) === TOO_MANY);
      const bad = answer.filter((item) => isRefused(statusOf(item)));
      refused += bad.length;
      if (reason === "" && bad[0] !== undefined) reason = reasonOf(bad[0]);
      left = again;
      this.#problem(again.length === 0 ? "" : `Elasticsearch is busy: ${again.length} documents are sent again.`);
      if (again.length > 0) await pause(wait, signal);
    }
    return { there: documents.length - refused - left.length, refused, reason };
  }

  /** The items' answers; or why it is to be tried again. */
  async #ask(documents: readonly ToSend[]): Promise<readonly JsonValue[] | string> {
    const body = documents.map(({ id, source }) => `{"create":{"_id":"${id}"}}\n${JSON.stringify(source)}\n`).join("");
    let answer: Awaited<ReturnType<ElasticsearchClient["request"]>>;
    try {
      answer = await this.#client.request("POST", this.#path, body, { headers: this.#headers });
    } catch (error) {
      if (error instanceof ElasticsearchAway) return error.message;
      throw error;
    }
    const text = Buffer.from(answer.body).toString("utf8");
    if (answer.status === TOO_MANY || answer.status >= 500) return `Elasticsearch answered ${answer.status}; it is tried again.`;
    const value = parseObject(text);
    const items = value === null ? undefined : member(value, "items");
    if (answer.status >= 400 || !isArray(items)) {
      throw new Error(`Elasticsearch took none of ${documents.length} documents: ${answer.status} ${text.slice(0, 300)}`);
    }
    return items;
  }
}

function isRefused(status: number): boolean {
  return status >= 300 && status !== CONFLICT && status !== TOO_MANY;
}

function created(item: JsonValue | undefined): JsonValue | undefined {
  return isObject(item) ? member(item, "create") : undefined;
}

function statusOf(item: JsonValue | undefined): number {
  const one = created(item);
  return isObject(one) ? Number(member(one, "status")) : TOO_MANY;
}

function reasonOf(item: JsonValue): string {
  const one = created(item);
  const error = isObject(one) ? member(one, "error") : undefined;
  return isObject(error) ? `${String(member(error, "type"))}: ${String(member(error, "reason"))}` : "no reason given";
}
