// What Parallax knows beside the exchanges: indices, jobs, figures, translations, and SQL where that is allowed.
import { isObject, type JsonObject, member } from "../../shared/json.ts";
import { LIMIT, OFFSET, pageIn, type Tool, textIn } from "./tool.ts";

const NAME = { type: "string", description: "Name of the index; not an alias or a pattern." } as const;

/** Entries that are paged through, of lists that the contract gives only the first of. */
const MOST = 1000;

export const ENGINE_TOOLS: readonly Tool[] = [
  {
    name: "get_status",
    title: "Get the status",
    description: "Version, session, ports, both backends, what was captured, and sentences on what is wrong.",
    request: "status.get",
    parameters: {},
    run: async (_, ask) => ({ value: await ask("status.get", {}) }),
  },
  {
    name: "get_health",
    title: "Get the health",
    description: "Whether the proxy listens and both backends answer; an error in words while they do not.",
    request: "health.get",
    parameters: {},
    run: async (_, ask) => ({ value: await ask("health.get", {}) }),
  },
  {
    name: "list_indices",
    title: "List indices",
    description:
      "Indices beside their tables in ClickHouse: documents and bytes of both, mode, lag, and why one is not mirrored or compared. For more give `next` as `offset`.",
    request: "indices.list",
    parameters: { offset: OFFSET, limit: LIMIT },
    run: async (input, ask) => ({ value: pageIn(await ask("indices.list", {}), input) }),
  },
  {
    name: "get_index",
    title: "Get one index",
    description: "The mapping of an index beside the columns of its table. For more fields give `next` as `offset`.",
    request: "index.get",
    parameters: { name: NAME, offset: OFFSET, limit: LIMIT },
    run: async (input, ask) => {
      const { fields, ...index } = await ask("index.get", { name: textIn(input, "name") });
      const { items, ...page } = pageIn(fields, input);
      return { value: { ...index, fields: items, ...page } };
    },
  },
  {
    name: "get_ledger",
    title: "Get the ledger of an index",
    description: "When each side had the documents that were written last, newest first. For more give `next` as `offset`.",
    request: "index.ledger",
    parameters: { name: NAME, offset: OFFSET, limit: LIMIT },
    run: async (input, ask) => ({ value: pageIn(await ask("index.ledger", { name: textIn(input, "name"), limit: MOST }), input) }),
  },
  {
    name: "list_pipes",
    title: "List pipes",
    description: "Long-running jobs: the mirror, backfills, reconciliations, replays; how far they are and what they found.",
    request: "pipes.list",
    parameters: { offset: OFFSET, limit: LIMIT },
    run: async (input, ask) => ({ value: pageIn(await ask("pipes.list", {}), input) }),
  },
  {
    name: "get_statistics",
    title: "Get the statistics",
    description: "Counts and latency percentiles by route, index, client and backend, since the start.",
    request: "statistics.get",
    parameters: {},
    run: async (_, ask) => ({ value: await ask("statistics.get", {}) }),
  },
  {
    name: "list_profiles",
    title: "List profiles",
    description: "Resource profiles that are kept, newest first: of recordings, calls and pipes' runs. For more give `next` as `offset`.",
    request: "profiles.list",
    parameters: { offset: OFFSET, limit: LIMIT },
    run: async (input, ask) => ({ value: pageIn(await ask("profiles.list", { limit: MOST }), input) }),
  },
  {
    name: "translate",
    title: "Translate a search",
    description:
      "The SQL of a search body for an index, without running it, or the clauses that have no exact SQL, by JSON pointer and reason. Elasticsearch's own refusal is an error.",
    request: "translate",
    parameters: {
      index: { type: "string", description: "Name, alias or pattern of the index." },
      body: { type: "object", description: "The body of the _search." },
    },
    run: async (input, ask) => ({ value: await ask("translate", { index: textIn(input, "index"), body: objectIn(input, "body") }) }),
  },
  {
    name: "run_sql",
    title: "Run SQL",
    description: `Runs SQL on ClickHouse, as the user who may only read. At most ${LIMIT.maximum} rows are given, each cell as JSON text: for others use LIMIT and OFFSET.`,
    request: "sql.run",
    parameters: {
      sql: { type: "string", description: "The statement." },
      params: { type: "object", description: "Values of {name:Type} in it, each a string in ClickHouse's text form.", optional: true },
    },
    run: async (input, ask) => {
      const params = member(input, "params");
      const { rows, ...answer } = await ask("sql.run", {
        sql: textIn(input, "sql"),
        ...(params === undefined ? {} : { params: textsIn(params) }),
      });
      const { items, ...page } = pageIn(rows, { limit: LIMIT.maximum ?? 0 });
      return { value: { ...answer, rows: items, ...page } };
    },
  },
];

function objectIn(input: JsonObject, name: string): JsonObject {
  const value = member(input, name);
  return isObject(value) ? value : {};
}

/** Throws where a value is no string. */
function textsIn(params: unknown): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(params ?? {})) {
    if (typeof value !== "string") throw new Error(`"params" of run_sql must be an object of strings; ${JSON.stringify(name)} is none.`);
    texts[name] = value;
  }
  return texts;
}
