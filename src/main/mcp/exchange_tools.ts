// What was captured: exchanges, their bodies, comparisons and statements. Headers and addresses come without secrets.
import type { ExchangeDetail, HttpMessage, SearchPart } from "../../shared/exchange.ts";
import { type JsonObject, member } from "../../shared/json.ts";
import { isAboutSecrets, redactHeaders, redactTarget } from "../capture/redaction.ts";
import { firstBytes, firstThatFit } from "./bounds.ts";
import { type Ask, EXCHANGE, integerIn, LIMIT, OFFSET, type Parameter, pageIn, type Tool, textIn } from "./tool.ts";

/** Bytes of a body in one answer, at most. */
const BODY_BYTES = 65_536;
/** As much of a body as is BODY_BYTES in base64. */
const BINARY_BYTES = (BODY_BYTES / 4) * 3;
const SIDES = ["request", "elasticsearch", "clickhouse"] as const;

const POSITION: Parameter = {
  type: "integer",
  description: "Which search of an _msearch, from 0; if absent, the first that differs, else the first.",
  optional: true,
};

export const EXCHANGE_TOOLS: readonly Tool[] = [
  {
    name: "list_exchanges",
    title: "List exchanges",
    description:
      "Captured requests, newest first, with their verdicts. `total` counts all that match; for older ones give `next` as `before`. The filter language is the resource parallax://docs/filters, e.g. `~verdict different & ~u flights`.",
    request: "exchanges.list",
    parameters: {
      filter: { type: "string", description: "Which ones, in the filter language; all if absent.", optional: true },
      limit: LIMIT,
      before: { type: "integer", description: "Only those older than this id: `next` of the last answer.", optional: true },
    },
    run: listExchanges,
  },
  {
    name: "get_exchange",
    title: "Get one exchange",
    description:
      "One exchange: request and answer without bodies, timings, each search's verdict, and what was mirrored. Bodies: get_body; differences: get_diff; statements: get_sql.",
    request: "exchange.get",
    parameters: { id: EXCHANGE },
    run: async (input, ask) => ({ value: exchangeOf(await detailOf(input, ask)) }),
  },
  {
    name: "get_body",
    title: "Read a body",
    description: `A body with its content coding undone, at most ${BODY_BYTES} bytes at a time; for the next ones give \`next\` as \`offset\`. \`clickhouse\`: ClickHouse's answer in Elasticsearch's shape.`,
    request: "exchange.body",
    parameters: {
      id: EXCHANGE,
      side: { type: "string", description: "Whose body.", values: SIDES },
      offset: { type: "integer", description: "The first byte (0).", optional: true },
      length: {
        type: "integer",
        description: `How many bytes (${BODY_BYTES}).`,
        optional: true,
        minimum: 4,
        maximum: BODY_BYTES,
      },
    },
    run: getBody,
  },
  {
    name: "get_diff",
    title: "Get the comparison of a search",
    description:
      "Where the answers of Elasticsearch and ClickHouse differ: paths with both values as JSON text, the rules that were applied, and the share that was compared. For more differences give `next` as `offset`. What each rule means is in parallax://docs/verdicts.",
    request: "exchange.get",
    parameters: { id: EXCHANGE, position: POSITION, offset: OFFSET, limit: LIMIT },
    run: getDiff,
  },
  {
    name: "get_sql",
    title: "Get the SQL of a search",
    description: "The statements that ClickHouse ran for a search, with parameters, times, rows read, and the error if one failed.",
    request: "exchange.get",
    parameters: { id: EXCHANGE, position: POSITION },
    run: async (input, ask) => {
      const detail = await detailOf(input, ask);
      const { position, index, statements, comparison } = searchOf(detail, input);
      return {
        value: {
          position,
          index,
          statements: statements.map(({ spans: _, ...statement }) => statement),
          unsupported: comparison.unsupported,
        },
      };
    },
  },
];

function detailOf(input: JsonObject, ask: Ask): Promise<ExchangeDetail> {
  return ask("exchange.get", { id: integerIn(input, "id", 0) });
}

async function listExchanges(input: JsonObject, ask: Ask): ReturnType<Tool["run"]> {
  const filter = member(input, "filter");
  const before = member(input, "before");
  const { exchanges, next, total } = await ask("exchanges.list", {
    limit: integerIn(input, "limit", 50),
    ...(typeof filter === "string" ? { filter } : {}),
    ...(typeof before === "number" ? { before } : {}),
  });
  const { items, ...shortened } = firstThatFit(exchanges.map((summary) => ({ ...summary, path: redactTarget(summary.path) })));
  const last = exchanges[items.length - 1]?.id ?? null;
  return { value: { exchanges: items, ...shortened, next: items.length < exchanges.length ? last : next, total } };
}

function exchangeOf(detail: ExchangeDetail): unknown {
  const { request, response, searches, ...rest } = detail;
  const { sent, ...asked } = request;
  const given = response?.given;
  return {
    ...rest,
    path: redactTarget(rest.path),
    request: {
      ...withoutSecrets(asked),
      ...(sent === undefined ? {} : { sent: { ...withoutSecrets(sent), path: redactTarget(sent.path) } }),
    },
    response: response === null ? null : { ...withoutSecrets(response), ...(given === undefined ? {} : { given: withoutSecrets(given) }) },
    searches: searches.map(searchHead),
  };
}

function withoutSecrets<T extends Pick<HttpMessage, "headers">>(message: T): T {
  return { ...message, headers: redactHeaders(message.headers) };
}

function searchHead({ position, index, body, shape, clickhouseMs, statements, comparison }: SearchPart): unknown {
  const { differences: _, rules, ...verdict } = comparison;
  return {
    position,
    index,
    body,
    shape,
    clickhouseMs,
    statements: statements.map(({ name, ms, rows, error }) => ({ name, ms, rows, error })),
    ...verdict,
    rules: rules.map(({ rule, reason, count }) => ({ rule, reason, count })),
  };
}

async function getBody(input: JsonObject, ask: Ask): ReturnType<Tool["run"]> {
  const { id, path } = await detailOf(input, ask);
  if (isAboutSecrets(path)) throw new Error(`Exchange ${id} is about users and keys: its bodies are not handed out here.`);
  const side = SIDES.find((each) => each === textIn(input, "side")) ?? "request";
  const offset = integerIn(input, "offset", 0);
  const { text, encoding, totalBytes, next } = await ask("exchange.body", { id, side, offset });
  const wanted = integerIn(input, "length", BODY_BYTES);
  const piece = encoding === "utf8" ? firstBytes(text, wanted) : firstBinary(text, Math.min(wanted, BINARY_BYTES));
  const end = offset + piece.bytes;
  const whole = piece.text.length === text.length;
  const told = { id, side, encoding, offset, bytes: piece.bytes, totalBytes, next: whole ? next : end };
  return { value: told, text: piece.text };
}

function firstBinary(base64: string, limit: number): ReturnType<typeof firstBytes> {
  const bytes = Buffer.from(base64, "base64");
  return { text: bytes.toString("base64", 0, limit), bytes: Math.min(bytes.length, limit) };
}

async function getDiff(input: JsonObject, ask: Ask): ReturnType<Tool["run"]> {
  const detail = await detailOf(input, ask);
  const { position, index, comparison } = searchOf(detail, input);
  const { differences, ...verdict } = comparison;
  const { items, total, ...page } = pageIn(differences, input);
  return { value: { searches: detail.searches.length, position, index, ...verdict, differences: items, kept: total, ...page } };
}

/** Throws where the exchange has no such search. */
function searchOf({ id, kind, searches }: ExchangeDetail, input: JsonObject): SearchPart {
  const asked = member(input, "position");
  const differing = searches.find(({ comparison }) => comparison.verdict === "different");
  const found = asked === undefined ? (differing ?? searches[0]) : searches.find(({ position }) => position === asked);
  if (found !== undefined) return found;
  if (searches.length === 0) throw new Error(`Exchange ${id} (${kind}) has no search that was compared.`);
  throw new Error(`Exchange ${id} has no search ${asked}: "position" is from 0 to ${searches.length - 1}.`);
}
