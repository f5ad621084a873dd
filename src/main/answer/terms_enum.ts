// `_terms_enum`: terms of a keyword field that begin with a text. Elasticsearch reads them from its index, where terms of
// deleted documents stay until a merge; here only documents that are there count.
import { member, parseObject } from "../../shared/json.ts";
import { binary, column, call as fn, literal, param, select } from "../clickhouse/sql/ast.ts";
import { print } from "../clickhouse/sql/print.ts";
import { contextOf, fieldOf } from "../translate/context.ts";
import { UnsupportedClause } from "../translate/failure.ts";
import { fieldColumn } from "../translate/field_column.ts";
import { selectDocuments } from "../translate/source.ts";
import type { IndexTable } from "../translate/types.ts";
import { unknownParameter } from "./parameters.ts";
import { type Call, declined, type Endpoint, json } from "./types.ts";

const TERM = "#term";

export const termsEnum: Endpoint = {
  paths: ["POST /{index}/_terms_enum", "GET /{index}/_terms_enum"],
  async answer(call, backend) {
    const unknown = unknownParameter(call.params, []);
    if (unknown !== "") return declined("unsupported", unknown);
    const request = readRequest(call);
    if (typeof request === "string") return declined("unsupported", request);
    const tables = await backend.tables(call.index, call.params);
    if (tables.kind !== "found") return tables;
    const query = compile(request, tables.value, call.now);
    if (typeof query === "string") return declined("unsupported", query);
    const rows = query === null ? [] : (await backend.run(print(query))).rows;
    const shards = tables.value.reduce((sum, table) => sum + table.shards, 0);
    const _shards = { total: shards, successful: shards, failed: 0 };
    return json({ _shards, terms: rows.map((row) => row[TERM] ?? null), complete: true });
  },
};

interface Request {
  readonly field: string;
  readonly start: string;
  readonly size: number;
  readonly anyCase: boolean;
}

function readRequest({ body }: Call): Request | string {
  const sent = parseObject(body);
  if (sent === null) return "the body is not a JSON object";
  const other = Object.keys(sent).find((name) => !["field", "string", "size", "timeout", "case_insensitive"].includes(name));
  if (other !== undefined) return `[${other}] of _terms_enum is Elasticsearch's to answer`;
  const field = member(sent, "field");
  const start = member(sent, "string") ?? "";
  const size = Number(member(sent, "size") ?? 10);
  if (typeof field !== "string" || typeof start !== "string" || !(size >= 1 && size <= 10_000))
    return "what is asked for is Elasticsearch's to judge";
  const anyCase = member(sent, "case_insensitive") === true;
  if (anyCase && /[^\x20-\x7e]/.test(start)) return "letters of other alphabets in either case are Elasticsearch's to find";
  return { field, start, size, anyCase };
}

function compile({ field: path, start, size, anyCase }: Request, tables: readonly IndexTable[], now: number) {
  try {
    const context = contextOf(tables, now);
    const field = fieldOf(context, path, "/field");
    if (field === undefined) return null;
    if (field.type !== "keyword" || member(field.params, "normalizer") !== undefined) {
      return `terms of [${path}], which is no plain keyword, are Elasticsearch's to list`;
    }
    const terms = selectDocuments(context, { columns: [{ expr: fn("arrayJoin", fieldColumn(field)), alias: TERM }] });
    const own = anyCase ? fn("lower", column(TERM)) : column(TERM);
    const starts = fn("startsWith", own, param("String", anyCase ? start.toLowerCase() : start));
    return select({
      distinct: true,
      columns: [{ expr: column(TERM) }],
      from: { kind: "subquery", query: terms },
      where: start === "" ? binary(literal(1), "=", literal(1)) : starts,
      orderBy: [{ expr: column(TERM) }],
      limit: size,
    });
  } catch (error) {
    if (error instanceof UnsupportedClause) return error.message;
    throw error;
  }
}
