// What a clause or aggregation sees of the request around it: which fields there are, what time it is.
import { type JsonObject, printJson } from "../../shared/json.ts";
import { call, column, type Expr, lambda, literal, param } from "../clickhouse/sql/ast.ts";
import { usesOwnAnalysis } from "../elasticsearch/analysis/index.ts";
import { placedIn } from "../elasticsearch/columns.ts";
import { KEY_END, keyField } from "../elasticsearch/fields/flattened.ts";
import { unsupportedReason } from "../elasticsearch/fields/unsupported.ts";
import { EMPTY_MAPPING, type Field, findField, type Mapping } from "../elasticsearch/mapping.ts";
import { UnsupportedClause } from "./failure.ts";
import type { SeenField } from "./field_column.ts";
import type { InnerHits } from "./hits/inner_hits.ts";
import type { LookedUp } from "./lookups.ts";
import { fieldInScope, type NestedScope } from "./nested_scope.ts";
import type { Fault } from "./painless/machine.ts";
import type { WordCounts } from "./query/likeness/counts.ts";
import type { NamedClause, NamedClauses } from "./query/named.ts";
import type { ScriptFaults } from "./script_faults.ts";
import type { IndexTable } from "./types.ts";

export interface Context {
  /** The merged mapping of all indices searched (see mergeMappings). */
  readonly mapping: Mapping;
  readonly tables: readonly IndexTable[];
  readonly now: number;
  /** Path → why its mappings in two indices can't be read as one field. */
  readonly conflicts: ReadonlyMap<string, string>;
  /** The nested objects that clauses look at; absent: the documents. */
  readonly scope?: NestedScope;
  /** Scopes of which each row of a statement stands for one object (see rows of aggregations), outer ones first. */
  readonly joined?: readonly NestedScope[];
  /** Where nested clauses put what `inner_hits` shows of them; absent where nothing is shown. */
  readonly innerHits?: InnerHits[];
  /** Where clauses with a `_name` are put; absent where names are for nobody. */
  readonly naming?: NamedClause[];
  /** Of a hit: what it lists in `matched_queries`. */
  readonly named?: NamedClauses;
  /** Runtime fields by path; `mapping` has them too. */
  readonly runtime?: ReadonlyMap<string, RuntimeField>;
  /** Documents that `terms` clauses take their values from. */
  readonly lookedUp?: LookedUp;
  /** How many documents have the words that `more_like_this` may look for. */
  readonly wordCounts?: WordCounts;
  /** Takes note of relevance told by statistics that deleted documents may count in; absent where no such score will do. */
  readonly staleScores?: { used: boolean };
  /** Names of the clauses around the one that is compiled. */
  readonly enclosing?: readonly string[];
  /** Where scripts that may fail are gathered. */
  readonly scripts?: ScriptFaults;
}

/** A field whose values a script makes. Throws UnsupportedClause where the script has no SQL. */
export interface RuntimeField {
  field(context: () => Context): SeenField;
  faults(context: Context, pointer: string): readonly Fault[];
}

/** The context of a request over these indices. */
export function contextOf(tables: readonly IndexTable[], now: number): Context {
  const [first, ...others] = tables;
  if (first === undefined) return Object.freeze({ mapping: EMPTY_MAPPING, tables, now, conflicts: new Map() });
  if (others.length === 0) return Object.freeze({ mapping: first.mapping, tables, now, conflicts: new Map() });
  return Object.freeze({ ...mergeMappings(tables), tables, now });
}

// Parameters that change what a query value means or how a doc value is printed. Those that matter only while indexing
// (ignore_above, null_value, copy_to, …) may differ.
const MEANINGFUL = [
  "analyzer",
  "search_analyzer",
  "search_quote_analyzer",
  "normalizer",
  "format",
  "locale",
  "scaling_factor",
  "path",
] as const;

/** One mapping for several indices; a field mapped in two ways is a conflict, thrown only where a request uses it. */
export function mergeMappings(tables: readonly IndexTable[]): Pick<Context, "mapping" | "conflicts"> {
  const fields = new Map<string, Field>();
  const owners = new Map<string, string>();
  const aliases = new Map<string, string>();
  const objects = new Map<string, "object" | "nested">();
  const runtime = new Map<string, Mapping["runtime"] extends ReadonlyMap<string, infer V> ? V : never>();
  const conflicts = new Map<string, string>();
  for (const { index, mapping } of tables) {
    for (const [path, field] of mapping.fields) {
      const other = fields.get(path);
      if (other === undefined) {
        fields.set(path, field);
        owners.set(path, index);
        continue;
      }
      if (meaning(other) !== meaning(field)) {
        conflicts.set(path, `[${path}] is mapped as ${other.type} in [${owners.get(path)}] and otherwise, as ${field.type}, in [${index}]`);
      }
      if (other.analysis === field.analysis || analysisText(other) === analysisText(field)) continue;
      if (usesOwnAnalysis(other) || usesOwnAnalysis(field)) {
        conflicts.set(path, `[${path}] is analysed in one way in [${owners.get(path)}] and otherwise in [${index}]`);
      }
      // A clause may still name an analyzer: neither index's is meant then.
      const { analysis: _, ...shared } = other;
      fields.set(path, shared);
    }
    for (const [path, target] of mapping.aliases) {
      if ((aliases.get(path) ?? target) !== target) conflicts.set(path, `alias [${path}] leads to another field in [${index}]`);
      aliases.set(path, target);
    }
    for (const [path, kind] of mapping.objects) objects.set(path, kind);
    for (const [path, definition] of mapping.runtime) runtime.set(path, definition);
  }
  for (const path of aliases.keys()) if (fields.has(path)) conflicts.set(path, `[${path}] is an alias in one index and a field in another`);
  const sourceEnabled = tables.every((table) => table.mapping.sourceEnabled);
  return { mapping: Object.freeze({ fields, aliases, objects, runtime, sourceEnabled }), conflicts };
}

// Printed once for all fields of an index.
const printed = new WeakMap<JsonObject, string>();

function analysisText({ analysis }: Field): string {
  if (analysis === undefined) return "";
  const text = printed.get(analysis) ?? printJson(analysis);
  printed.set(analysis, text);
  return text;
}

function meaning(field: Field): string {
  return [field.type, field.nested ?? "", String(field.included), ...MEANINGFUL.map((name) => printJson(field.params[name] ?? null))].join(
    "\0",
  );
}

/** The context of a statement of its own over documents. */
export function overDocuments({ scope: _, joined: __, ...context }: Context): Context {
  return context;
}

/** The field that `path` names; undefined when no index maps it, or where what the clause looks at, documents or the objects of a
 * nested path, doesn't have it: fields inside `nested` are not the document's, nor the document's the object's.
 * Throws UnsupportedClause on runtime fields, on a field that two indices map differently, and on one whose columns would not say
 * what Elasticsearch indexed (its type, analyzer, date format). */
export function fieldOf(context: Context, path: string, pointer: string): Field | undefined {
  context.scripts?.add(pointer, faultsOf(context, path, pointer));
  return quietFieldOf(context, path, pointer);
}

/** What can go wrong in reading a runtime field; nothing for a mapped one. */
export function faultsOf(context: Context, path: string, pointer: string): readonly Fault[] {
  return context.runtime?.get(path)?.faults(context, pointer) ?? [];
}

/** fieldOf() for one who takes the field's faults upon itself. */
export function quietFieldOf(context: Context, path: string, pointer: string): Field | undefined {
  const conflict = context.conflicts.get(path) ?? context.conflicts.get(context.mapping.aliases.get(path) ?? path);
  if (conflict !== undefined) throw new UnsupportedClause(pointer, conflict);
  if (context.runtime?.has(path) === true) return context.scope === undefined ? findField(context.mapping, path) : undefined;
  const reason = context.tables.map(({ mapping }) => notMirrored(mapping, path, context.scope)).find((each) => each !== null);
  if (reason !== undefined) throw new UnsupportedClause(pointer, reason);
  const field = findField(context.mapping, path);
  if (field === undefined) return flattenedKey(context, path, pointer);
  if (context.tables.some(({ mapping }) => findField(mapping, path) === undefined && keyField(mapping, path) !== undefined)) {
    throw new UnsupportedClause(pointer, `[${path}] is a field in one index and a key of a flattened field in another`);
  }
  return context.scope === undefined ? placedIn(field, null) : fieldInScope(field, context.scope);
}

function flattenedKey(context: Context, path: string, pointer: string): SeenField | undefined {
  const field = keyField(context.mapping, path);
  if (field === undefined || field.key === undefined) return undefined;
  if (context.scope !== undefined || field.nested !== null)
    throw new UnsupportedClause(pointer, `[${path}] is a key inside nested objects`);
  if (quietFieldOf(context, path.slice(0, -field.key.length - 1), pointer) === undefined) return undefined;
  const values = keyValues(field.column, field.key);
  return { ...field, read: () => values, inDocument: () => values };
}

// The values behind a key and the mark between them.
function keyValues(name: string, key: string): Expr {
  const start = `${key}${KEY_END}`;
  const each = column("entry");
  const ofKey = lambda(["entry"], call("startsWith", each, param("String", start)));
  const value = lambda(["entry"], call("substring", each, literal(new TextEncoder().encode(start).length + 1)));
  return call("arrayMap", value, call("arrayFilter", ofKey, column(`${name}#keyed`)));
}

function notMirrored(mapping: Mapping, path: string, scope: NestedScope | undefined): string | null {
  const field = findField(mapping, path);
  if (field === undefined) return null;
  if (scope !== undefined && field.type === "constant_keyword") return `[${path}] is on each nested object too, which is not mirrored`;
  return placedIn(field, scope?.path ?? null) === undefined ? null : unsupportedReason(field);
}
