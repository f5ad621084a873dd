// The contract over what a shared file holds: what is in it is answered, all else refused.
import type { AnswerOf, BodySide, ExchangePage, Reply, RequestName, RequestOf } from "../../shared/contract.ts";
import { heldKey } from "../../shared/share.ts";
import type { Transport } from "../api/transport.ts";
import { strings } from "../strings.ts";
import type { Held, HeldBody, HeldExchange } from "./held.ts";
import { heldFilter } from "./held_filter.ts";

type Answers = { readonly [N in RequestName]?: (request: RequestOf<N>) => AnswerOf<N> | null };

export function heldTransport({ about, exchanges }: Held): Transport {
  const byId = new Map(exchanges.map((one) => [one.detail.id, one]));
  const answers: Answers = {
    "exchange.get": ({ id }) => byId.get(id)?.detail ?? null,
    "exchange.body": ({ id, side }) => {
      const held = byId.get(id);
      if (held === undefined) return null;
      const body = bodyOf(held, side) ?? { text: "", encoding: "utf8" };
      return { ...body, totalBytes: lengthOf(body), next: null };
    },
    "exchange.profile": ({ id }) => byId.get(id)?.profile ?? null,
    "exchanges.list": (request) => listed(exchanges, request),
  };
  return {
    call: async (name, request) => replyOf(name, answers[name]?.(request) ?? about.answers[heldKey(name, request)]),
    on: () => () => undefined,
    onConnection: (listener) => {
      listener(true);
      return () => undefined;
    },
  };
}

function replyOf<N extends RequestName>(name: N, value: unknown): Reply<AnswerOf<N>> {
  if (value === undefined || value === null) return { ok: false, error: { code: "shared_file", message: strings.shared.notHere(name) } };
  return { ok: true, value: value as AnswerOf<N> }; // as Parallax answered this request when the file was made
}

const PAGE = 100;

function listed(
  exchanges: readonly HeldExchange[],
  { filter = "", limit = PAGE, before }: RequestOf<"exchanges.list">,
): ExchangePage | null {
  const passes = heldFilter(filter);
  if (passes === null) return null;
  const all = exchanges.flatMap(({ detail }) => (passes(detail) ? [detail] : []));
  const older = before === undefined ? all : all.filter(({ id }) => id < before);
  const page = older.slice(0, limit);
  return { exchanges: page, next: older.length > limit ? (page.at(-1)?.id ?? null) : null, total: all.length };
}

// ClickHouse's answer is made of its parts, as the engine makes it.
function bodyOf({ detail, bodies }: HeldExchange, side: BodySide): HeldBody | undefined {
  if (side !== "clickhouse" || bodies.clickhouse !== undefined) return bodies[side];
  const answers = detail.searches.map(({ clickhouse }) => clickhouse);
  if (answers.every((answer) => answer === null)) return undefined;
  const text = answers.length === 1 ? (answers[0] ?? "") : `{"responses":[${answers.map((answer) => answer ?? "null").join(",")}]}`;
  return { text, encoding: "utf8" };
}

function lengthOf({ text, encoding }: HeldBody): number {
  return encoding === "base64" ? Math.floor((text.length * 3) / 4) : new TextEncoder().encode(text).length;
}
