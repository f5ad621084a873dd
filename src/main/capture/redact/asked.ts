// What of a request tells where an answer holds a chosen field's values under another name: aggregations and sort values.
import type { ChosenFields } from "./fields.ts";
import { memberOf, type SpanNode, stringsOf } from "./spans.ts";

export interface AskedAggregation {
  /** The choice whose values are its keys and figures; null for none. */
  readonly about: string | null;
  readonly under: ReadonlyMap<string, AskedAggregation>;
}

/** What one search asked. */
export interface Asked {
  /** null: not known, so that any aggregation may be about any field. */
  readonly aggregations: ReadonlyMap<string, AskedAggregation> | null;
  /** By place of a sort value: the choice that it falls under. */
  readonly sort: readonly (string | null)[];
  /** ES|QL with its values by column. */
  readonly columnar: boolean;
  /** ES|QL or SQL that makes columns of what it says of a chosen field: that field; null for none. */
  readonly derives: string | null;
}

export const UNKNOWN: Asked = Object.freeze({ aggregations: null, sort: [], columnar: false, derives: null });

/** What the search with this body asked. */
export function askedOf(body: SpanNode | undefined, fields: ChosenFields): Asked {
  const sort = memberOf(body, "sort");
  const items = sort?.kind === "array" ? sort.items : sort === undefined ? [] : [sort];
  return {
    aggregations: aggregationsOf(body, fields),
    sort: items.map((item) => fields.fits(item.kind === "object" ? item.members.map(({ name }) => name) : stringsOf(item).map(sortField))),
    columnar: stringOf(memberOf(body, "columnar")) === "true",
    derives: derivedIn(memberOf(body, "query"), fields),
  };
}

function stringOf(node: SpanNode | undefined): string {
  return node?.kind === "scalar" ? node.value : "";
}

function derivedIn(query: SpanNode | undefined, fields: ChosenFields): string | null {
  const text = stringOf(query);
  return /\b(?:eval|rename|dissect|grok|stats|inlinestats|enrich|lookup|completion|rerank|fork|select)\b/i.test(text)
    ? fields.namedIn(text)
    : null;
}

/** Names that a request makes of chosen fields by a script: their values are under these in the answer. */
export function derivedNames(body: SpanNode | undefined, fields: ChosenFields): readonly string[] {
  return ["script_fields", "runtime_mappings"].flatMap((name) => {
    const list = memberOf(body, name);
    if (list?.kind !== "object") return [];
    return list.members.flatMap((member) => (namedBelow(member.value, fields) === null ? [] : [member.name]));
  });
}

function sortField(text: string): string {
  return text.replace(/:(asc|desc)$/, "");
}

function aggregationsOf(node: SpanNode | undefined, fields: ChosenFields): ReadonlyMap<string, AskedAggregation> {
  const list = memberOf(node, "aggs") ?? memberOf(node, "aggregations");
  if (list?.kind !== "object") return new Map();
  return new Map(list.members.map(({ name, value }) => [name, { about: aboutOf(value, fields), under: aggregationsOf(value, fields) }]));
}

function aboutOf(node: SpanNode, fields: ChosenFields): string | null {
  if (node.kind !== "object") return null;
  for (const { name, value } of node.members) {
    if (name === "aggs" || name === "aggregations" || name === "meta") continue;
    const named = namedBelow(value, fields);
    if (named !== null) return named;
  }
  return null;
}

/** The chosen field that any text or name in it names. */
function namedBelow(node: SpanNode, fields: ChosenFields): string | null {
  if (node.kind === "scalar") return node.isString ? fields.namedIn(node.value) : null;
  if (node.kind === "array") return firstOf(node.items, (item) => namedBelow(item, fields));
  return firstOf(node.members, ({ name, value }) => fields.fits([name]) ?? namedBelow(value, fields));
}

function firstOf<T>(items: readonly T[], of: (item: T) => string | null): string | null {
  for (const item of items) {
    const found = of(item);
    if (found !== null) return found;
  }
  return null;
}
