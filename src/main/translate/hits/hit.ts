// One hit: which columns it needs, and how its row becomes the object in `hits.hits`. Everything beside the sort values
// and the score is made of `_source` by the field types. Also what top_hits shows.
import { isObject, type JsonObject, type JsonValue, member, parseJson } from "../../../shared/json.ts";
import type { Column } from "../../clickhouse/sql/ast.ts";
import { column } from "../../clickhouse/sql/ast.ts";
import type { Mapping } from "../../elasticsearch/mapping.ts";
import type { Context } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { booleanOption, listOf, scalarText } from "../parameters.ts";
import type { Highlight } from "../query/types.ts";
import { INDEX_COLUMN, indexName } from "../source.ts";
import type { Row } from "../types.ts";
import { compileComputedFields } from "./computed_fields.ts";
import { compileDocvalueFields, DOCVALUE_OPTIONS } from "./docvalue_fields.ts";
import { fieldSpecs } from "./field_patterns.ts";
import { compileFields, FIELD_OPTIONS, readsSource } from "./fields.ts";
import { compileHighlight } from "./highlight/index.ts";
import { ignoredFields } from "./ignored.ts";
import { compileMatchedQueries } from "./matched_queries.ts";
import { compileScriptFields } from "./script_fields.ts";
import { compileSource } from "./source_option.ts";

export interface Hit {
  readonly columns: readonly Column[];
  /** `score` null: not tracked. `sort` null: the search has no order of its own. */
  shape(row: Row, score: JsonValue, sort: readonly JsonValue[] | null): JsonObject;
}

/** What a part of a hit is made of. */
export interface Document {
  readonly source: JsonObject;
  readonly mapping: Mapping;
  /** First names of the paths that the source has: a field below any other has no value. */
  readonly roots: ReadonlySet<string>;
}

/** Compiles the options of a body that say what a hit shows (`_source`, `fields`, `version`, …). */
export function compileHit(body: JsonObject, pointer: string, context: Context, highlights: readonly Highlight[]): Hit {
  const stored = storedFields(body, pointer, context);
  const scripts = compileScriptFields(member(body, "script_fields"), `${pointer}/script_fields`, context);
  const reads = readsSource(fieldSpecs(member(body, "fields"), `${pointer}/fields`, FIELD_OPTIONS), context);
  const source = compileSource(body, stored.kind === "all" && scripts.columns.length === 0, reads);
  const fields = compileFields(member(body, "fields"), `${pointer}/fields`, context);
  const docvalues = compileDocvalueFields(member(body, "docvalue_fields"), `${pointer}/docvalue_fields`, context);
  const computed = [
    compileComputedFields(
      fieldSpecs(member(body, "docvalue_fields"), `${pointer}/docvalue_fields`, DOCVALUE_OPTIONS),
      "_docvalue",
      context,
    ),
    compileComputedFields(fieldSpecs(member(body, "fields"), `${pointer}/fields`, FIELD_OPTIONS), "_field", context),
    scripts,
  ];
  const highlight = compileHighlight(member(body, "highlight"), `${pointer}/highlight`, context, highlights);
  const matched = compileMatchedQueries(context);
  const version = booleanOption(body, "version", false);
  const seqNo = booleanOption(body, "seq_no_primary_term", false);
  const mappings = new Map(context.tables.map((table) => [table.index, table.mapping]));
  const shape = (row: Row, score: JsonValue, sort: readonly JsonValue[] | null): JsonObject => {
    const index = String(row[INDEX_COLUMN]);
    const text = String(row._source);
    const document = documentOf(text, mappings.get(index) ?? context.mapping);
    const ignored = ignoredFields(document, text.length);
    const fetched = fields(document, ignored);
    const shown = { ...docvalues(document), ...fetched.fields, ...Object.assign({}, ...computed.map((each) => each.shape(row))) };
    const marked = highlight(document);
    return {
      _index: index,
      ...(stored.kind === "none" ? {} : { _id: row._id ?? null }),
      ...(version ? { _version: row._version ?? null } : {}),
      ...(seqNo ? { _seq_no: row._seq_no ?? null, _primary_term: row._primary_term ?? null } : {}),
      _score: score,
      ...(stored.kind === "none" || row._routing === "" ? {} : { _routing: row._routing ?? null }),
      ...(stored.kind === "none" || ignored.size === 0 ? {} : { _ignored: [...ignored].sort() }),
      ...source(document),
      ...(Object.keys(shown).length === 0 ? {} : { fields: shown }),
      ...(Object.keys(fetched.ignored).length === 0 ? {} : { ignored_field_values: fetched.ignored }),
      ...(Object.keys(marked).length === 0 ? {} : { highlight: marked }),
      ...(sort === null ? {} : { sort }),
      ...matched.shape(row),
    };
  };
  return { columns: [...hitColumns(context, version, seqNo), ...computed.flatMap((each) => each.columns), ...matched.columns], shape };
}

function hitColumns(context: Context, version: boolean, seqNo: boolean): readonly Column[] {
  const names = ["_id", "_routing", "_source", ...(version ? ["_version"] : []), ...(seqNo ? ["_seq_no", "_primary_term"] : [])];
  return [{ expr: indexName(context), alias: INDEX_COLUMN }, ...names.map((name) => ({ expr: column(name) }))];
}

function documentOf(text: string, mapping: Mapping): Document {
  const source = parsedSource(text);
  return { source, mapping, roots: new Set(Object.keys(source).map(rootOf)) };
}

/** The first name of a path. */
export function rootOf(path: string): string {
  const dot = path.indexOf(".");
  return dot < 0 ? path : path.slice(0, dot);
}

/** A `_source` as it was sent, parsed. */
export function parsedSource(text: string): JsonObject {
  const source = text === "" ? {} : parseJson(text);
  return isObject(source) ? source : {};
}

interface StoredFields {
  /** `none`: not even _id. `some`: no _source unless asked for. `all`: _source as usual. */
  readonly kind: "none" | "some" | "all";
}

function storedFields(body: JsonObject, pointer: string, context: Context): StoredFields {
  const names = listOf(member(body, "stored_fields") ?? undefined).map(scalarText);
  if (names.length === 0) return { kind: "all" };
  if (names.includes("_none_")) {
    if (names.length > 1) throw new RejectedRequest("illegal_argument_exception", "cannot combine _none_ with other fields");
    const source = member(body, "_source");
    if (source !== undefined && source !== false && source !== null) {
      throw new RejectedRequest(
        "action_request_validation_exception",
        "Validation Failed: 1: [stored_fields] cannot be disabled if [_source] is requested;",
      );
    }
    return { kind: "none" };
  }
  for (const [path, field] of context.mapping.fields) {
    if (member(field.params, "store") === true && names.some((name) => name === path || name.includes("*"))) {
      throw new UnsupportedClause(`${pointer}/stored_fields`, `[${path}] is a stored field; the mirror keeps no stored fields`);
    }
  }
  return { kind: names.includes("_source") ? "all" : "some" };
}
