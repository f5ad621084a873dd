// `collapse`: of all hits with one value of a field only the first stays. Documents without the field are one group.
import { isObject, type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import { call, type Expr } from "../../clickhouse/sql/ast.ts";
import { fieldType } from "../../elasticsearch/fields/index.ts";
import { docValueCell } from "../aggs/doc_value_cell.ts";
import { type Context, fieldOf } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { fieldColumn } from "../field_column.ts";
import { listOf, parameters, scalarText } from "../parameters.ts";
import { selectDocuments } from "../source.ts";
import type { Row, Statement, StatementRows } from "../types.ts";
import { compileInnerHits, GROUP, type InnerHits, type SearchOfGroups } from "./collapse_inner_hits.ts";

export interface Collapse {
  /** What hits of one group share: an array of at most one value. */
  readonly key: Expr;
  readonly statements: readonly Statement[];
  /** Throws UnsupportedClause where a document has several values: Elasticsearch fails on its shard then. */
  check(rows: StatementRows): void;
  /** Adds the group's value and its inner hits. */
  shape(hit: JsonObject, row: Row, rows: StatementRows): JsonObject;
}

const POINTER = "/collapse";
const CHECK = "collapse";
const NUMBERS: ReadonlySet<string> = new Set(["long", "integer", "short", "byte", "double", "float", "half_float", "unsigned_long"]);

/** Compiles the option; null without one. `search` is what the groups are made of. */
export function compileCollapse(body: JsonObject, context: Context, search: SearchOfGroups): Collapse | null {
  const option = member(body, "collapse");
  if (option === undefined || option === null) return null;
  if (!isObject(option)) throw new RejectedRequest("parsing_exception", "[collapse] expected an object");
  const options = parameters(option, POINTER, "collapse", ["field", "inner_hits", "max_concurrent_group_searches"]);
  const path = scalarText(member(options, "field") ?? "");
  const field = fieldOf(context, path, `${POINTER}/field`);
  const refuse = (reason: string) => new RejectedRequest("illegal_argument_exception", reason);
  if (field === undefined) throw refuse(`no mapping found for \`${path}\` in order to collapse on`);
  const type = fieldType(field);
  if (type === undefined || (field.type !== "keyword" && !NUMBERS.has(field.type))) {
    throw refuse(`collapse is not supported for the field [${path}] of the type [${field.type}]`);
  }
  checkSearchAfter(body, path);
  const key = fieldColumn(field);
  const inner = innerSpecs(options).map((spec, i, { length }) =>
    compileInnerHits(spec, `${POINTER}/inner_hits${length > 1 ? `/${i}` : ""}`, `collapse ${i + 1}`, context, { ...search, key }),
  );
  const most = { expr: call("max", call("length", key)), alias: "#most" };
  return {
    key,
    statements: [
      { name: CHECK, query: selectDocuments(context, { columns: [most], where: search.where }) },
      ...inner.map(({ statement }) => statement),
    ],
    check(rows) {
      if (Number(rows.get(CHECK)?.[0]?.["#most"] ?? 0) > 1) {
        throw new UnsupportedClause(POINTER, `[${path}] has several values in a document: Elasticsearch fails on its shard`);
      }
    },
    shape: (hit, row, rows) => withGroup(hit, path, groupOf(row), (cell) => type.format(field, docValueCell(type, cell)), inner, rows),
  };
}

function checkSearchAfter(body: JsonObject, path: string): void {
  if (member(body, "search_after") === undefined) return;
  const [only, ...others] = listOf(member(body, "sort"));
  const name = isObject(only) && Object.keys(only).length === 1 ? Object.keys(only)[0] : only;
  if (name !== path || others.length > 0) {
    throw new RejectedRequest(
      "illegal_argument_exception",
      "Cannot use [collapse] in conjunction with [search_after] unless the search is sorted on the same field. Multiple sort fields are not allowed.",
    );
  }
}

function innerSpecs(options: JsonObject): readonly JsonObject[] {
  return listOf(member(options, "inner_hits") ?? undefined).map((spec) => {
    if (isObject(spec) && typeof member(spec, "name") === "string") return spec;
    throw new RejectedRequest("x_content_parse_exception", "[collapse] failed to parse field [inner_hits]");
  });
}

function groupOf(row: Row): readonly JsonValue[] {
  const cell = row[GROUP];
  return Array.isArray(cell) ? cell : [];
}

function withGroup(
  hit: JsonObject,
  path: string,
  group: readonly JsonValue[],
  print: (cell: JsonValue) => JsonValue,
  inner: readonly InnerHits[],
  rows: StatementRows,
): JsonObject {
  const [value] = group;
  const shown = member(hit, "fields");
  const fields = { ...(isObject(shown) ? shown : {}), ...(value === undefined ? {} : { [path]: [print(value)] }) };
  const { sort, ...rest } = hit;
  return {
    ...rest,
    ...(Object.keys(fields).length === 0 ? {} : { fields }),
    ...(sort === undefined ? {} : { sort }),
    ...(inner.length === 0 ? {} : { inner_hits: Object.fromEntries(inner.map((each) => [each.name, each.shape(group, rows)])) }),
  };
}
