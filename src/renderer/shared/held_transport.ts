// The contract over what a shared file holds: what is in it is answered, all else refused.
import type { AnswerOf, BodySide, Reply, RequestName, RequestOf } from "../../shared/contract.ts";
import type { Transport } from "../api/transport.ts";
import { strings } from "../strings.ts";
import type { Held, HeldBody, HeldExchange } from "./held.ts";

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
  };
  return {
    call: async (name, request) => replyOf(name, answers[name]?.(request) ?? about.answers[`${name} ${JSON.stringify(request)}`]),
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
