// `parallax translate`: a search body and a mapping in, SQL out. Needs no server.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { isObject, type JsonObject, JsonSyntaxError, member, parseJson } from "../../shared/json.ts";
import { messageOf } from "../../shared/thrown.ts";
import { print } from "../clickhouse/sql/print.ts";
import { EMPTY_MAPPING, parseMapping } from "../elasticsearch/mapping.ts";
import { translateSearch } from "../translate/search.ts";
import type { IndexTable, Translation } from "../translate/types.ts";

/** Runs the verb; returns the exit code. */
export async function translateCommand(argv: readonly string[]): Promise<number> {
  try {
    const options = readOptions(argv);
    const table: IndexTable = {
      index: options.index,
      database: "parallax",
      table: options.index,
      mapping: options.mapping === null ? EMPTY_MAPPING : parseMapping(options.mapping),
      shards: options.shards,
      final: false,
    };
    const translation = translateSearch({ endpoint: "search", body: options.body, params: new Map(), tables: [table], now: Date.now() });
    process.stdout.write(options.json ? `${JSON.stringify(asJson(translation), null, 2)}\n` : asText(translation));
    return 0;
  } catch (error) {
    process.stderr.write(`parallax translate: ${messageOf(error)}\n`);
    return 2;
  }
}

interface Options {
  readonly index: string;
  readonly shards: number;
  readonly json: boolean;
  readonly mapping: JsonObject | null;
  readonly body: JsonObject;
}

function readOptions(argv: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { mapping: { type: "string" }, index: { type: "string" }, shards: { type: "string" }, json: { type: "boolean" } },
  });
  const shards = Number(values.shards ?? "1");
  if (!Number.isInteger(shards) || shards < 1) throw new Error(`--shards is "${values.shards}"; it must be a whole number from 1.`);
  return {
    index: values.index ?? "index",
    shards,
    json: values.json ?? false,
    mapping: values.mapping === undefined ? null : mappingsOf(readObject(values.mapping)),
    body: readObject(positionals[0] ?? "-"),
  };
}

function readObject(file: string): JsonObject {
  const name = file === "-" ? "standard input" : file;
  let text: string;
  try {
    text = readFileSync(file === "-" ? 0 : file, "utf8");
  } catch (error) {
    throw new Error(`${name} can't be read: ${messageOf(error)}`);
  }
  try {
    const value = parseJson(text.trim() === "" ? "{}" : text);
    if (isObject(value)) return value;
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw new Error(`${name} is not JSON: ${error.message}`);
    throw error;
  }
  throw new Error(`${name} must hold one JSON object.`);
}

// Either `{properties}`, `{mappings: {properties}}` or `{index: {mappings: {properties}}}`.
function mappingsOf(value: JsonObject): JsonObject {
  if (member(value, "properties") !== undefined) return value;
  const own = member(value, "mappings") ?? Object.values(value)[0];
  const inner = isObject(own) ? (member(own, "mappings") ?? own) : undefined;
  if (isObject(inner) && member(inner, "properties") !== undefined) return inner;
  throw new Error('The mapping has no "properties": give what GET INDEX/_mapping answers.');
}

function asJson(translation: Translation): unknown {
  switch (translation.kind) {
    case "translated":
      return { statements: translation.statements.map(({ name, query }) => ({ name, ...print(query) })), unsupported: [] };
    case "unsupported":
      return { statements: [], unsupported: translation.unsupported };
    case "rejected":
      return { statements: [], unsupported: [], error: translation.error };
  }
}

function asText(translation: Translation): string {
  switch (translation.kind) {
    case "translated":
      return translation.statements
        .map(({ name, query }) => {
          const { sql, params } = print(query);
          const values = params.map((param) => `--   ${param.name}: ${param.type} = ${param.value}\n`).join("");
          return `-- ${name}\n${values}${sql};\n`;
        })
        .join("\n");
    case "unsupported":
      return translation.unsupported.map(({ pointer, reason }) => `-- unsupported ${pointer === "" ? "/" : pointer}: ${reason}\n`).join("");
    case "rejected":
      return `-- Elasticsearch refuses this: ${translation.error.status} ${translation.error.errorType}: ${translation.error.reason}\n`;
  }
}
