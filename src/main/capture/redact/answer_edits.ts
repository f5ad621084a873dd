// The edits that chosen fields ask for in the JSON of an answer. What a field's values are called elsewhere (bucket keys, sort values,
// columns) is known from what was asked; where that is not known, all of it goes.
import { pointerToken } from "../../../shared/json.ts";
import { REDACTED } from "../redaction.ts";
import { type Asked, type AskedAggregation, UNKNOWN } from "./asked.ts";
import type { ChosenFields } from "./fields.ts";
import { memberOf, type SpanNode, type SpanObject, stringsOf } from "./spans.ts";
import { type Found, sortValues, TEXTS, takeOut } from "./take_out.ts";

/** An answer's body, or one line of it; `asked`: of each of its searches. */
export function answerEdits(root: SpanNode, fields: ChosenFields, asked: readonly Asked[], found: Found): void {
  const responses = memberOf(root, "responses");
  if (responses?.kind === "array" && root.kind === "object") {
    responses.items.forEach((item, i) => {
      answer(item, asked[i] ?? UNKNOWN, `/responses/${i}`);
    });
    for (const { name, value } of root.members) if (name !== "responses") generic(value, [name], UNKNOWN, `/${pointerToken(name)}`);
    return;
  }
  answer(root, asked[0] ?? UNKNOWN, "");

  function answer(node: SpanNode, of: Asked, pointer: string): void {
    table(node, of, pointer);
    generic(node, [], of, pointer);
  }

  function generic(node: SpanNode, trail: readonly string[], of: Asked, pointer: string): void {
    if (node.kind === "scalar") return;
    if (node.kind === "array") {
      node.items.forEach((item, i) => {
        generic(item, trail, of, `${pointer}/${i}`);
      });
      return;
    }
    for (const { name, value } of node.members) {
      const at = `${pointer}/${pointerToken(name)}`;
      if ((name === "aggregations" || name === "aggs") && value.kind === "object" && !trail.includes("_source")) {
        aggregations(value, of.aggregations, at);
        continue;
      }
      if (name === "sort" && value.kind === "array" && !trail.includes("_source")) {
        if (of.sort.length > 0) sortValues(value, of.sort, at, found);
        // What was sorted by is not known: a parameter of the path, or hits within hits.
        else takeOut(value, `field ${fields.first}`, at, found);
        continue;
      }
      const below = [...trail, name];
      const by = isMapping(value, trail) ? null : fields.fits(below);
      if (by !== null) takeOut(value, `field ${by}`, at, found);
      else if (name === "suggest" && !trail.includes("_source")) takeOut(value, `field ${fields.first}`, at, found);
      else if (value.kind === "scalar" && value.isString && TEXTS.has(name) && !trail.includes("_source")) {
        const repeats = [...found.values].some((text) => text.length >= 4 && value.value.includes(text));
        const named = fields.namedIn(value.value) ?? (repeats ? fields.first : null);
        if (named !== null) takeOut(value, `field ${named}`, at, found);
      } else generic(value, below, name === "inner_hits" ? UNKNOWN : of, at);
    }
  }

  // ES|QL and SQL answer in columns, whose names stand beside them.
  function table(node: SpanNode, of: Asked, pointer: string): void {
    const columns = memberOf(node, "columns");
    if (columns?.kind !== "array") return;
    const chosen = columns.items.map((column) => fields.fits(stringsOf(memberOf(column, "name"))));
    for (const name of ["values", "rows"]) {
      const rows = memberOf(node, name);
      if (rows?.kind !== "array") continue;
      rows.items.forEach((row, i) => {
        if (of.derives !== null) takeOut(row, `field ${of.derives}`, `${pointer}/${name}/${i}`, found);
        else if (of.columnar) {
          const by = chosen[i] ?? null;
          if (by !== null) takeOut(row, `field ${by}`, `${pointer}/${name}/${i}`, found);
        } else if (row.kind === "array") {
          row.items.forEach((cell, j) => {
            const by = chosen[j] ?? null;
            if (by !== null) takeOut(cell, `field ${by}`, `${pointer}/${name}/${i}/${j}`, found);
          });
        }
      });
    }
  }

  function aggregations(node: SpanObject, of: ReadonlyMap<string, AskedAggregation> | null, pointer: string): void {
    for (const { name, value } of node.members) {
      const known = aggregationNamed(of, name);
      // What was not asked here can't be told from what is about the field.
      const aggregation = known ?? { about: fields.first, under: null };
      aggregationAnswer(value, aggregation, `${pointer}/${pointerToken(name)}`);
    }
  }

  function aggregationAnswer(
    node: SpanNode,
    of: { readonly about: string | null; readonly under: ReadonlyMap<string, AskedAggregation> | null },
    pointer: string,
  ): void {
    if (node.kind === "array") {
      node.items.forEach((item, i) => {
        aggregationAnswer(item, of, `${pointer}/${i}`);
      });
      return;
    }
    if (node.kind === "scalar") {
      if (of.about !== null) takeOut(node, `field ${of.about}`, pointer, found);
      return;
    }
    for (const { name, value } of node.members) {
      const at = `${pointer}/${pointerToken(name)}`;
      const under = aggregationNamed(of.under, name);
      if (under !== undefined) aggregationAnswer(value, under, at);
      else if (name === "buckets" && value.kind === "object") keyed(value, of, at);
      else if (name === "buckets") aggregationAnswer(value, of, at);
      else if (FIGURES.has(name)) continue;
      else if (name === "hits") generic(value, [], UNKNOWN, at);
      else if (of.about === null) nested(value, of, name, at);
      else if (name === "key" && value.kind === "scalar") takeOutKey(value, `field ${of.about}`, at);
      else if (of.under === null) aggregationAnswer(value, of, at);
      else takeOut(value, `field ${of.about}`, at, found);
    }
  }

  // Single bucket aggregations hold theirs directly; top_metrics and others name fields.
  function nested(value: SpanNode, of: Parameters<typeof aggregationAnswer>[1], name: string, pointer: string): void {
    const by = fields.fits([name]);
    if (by !== null) takeOut(value, `field ${by}`, pointer, found);
    else if (of.under === null) aggregationAnswer(value, of, pointer);
    else generic(value, [name], UNKNOWN, pointer);
  }

  function keyed(node: SpanObject, of: Parameters<typeof aggregationAnswer>[1], pointer: string): void {
    for (const { name, key, value } of node.members) {
      if (of.about !== null) {
        found.edits.push({ ...key, text: JSON.stringify(found.standIns.of(name)), by: `field ${of.about}` });
        found.values.add(name);
      }
      aggregationAnswer(value, of, `${pointer}/${pointerToken(name)}`);
    }
  }

  function takeOutKey(node: SpanNode, by: string, pointer: string): void {
    if (node.kind !== "scalar" || node.value === "null" || node.value.startsWith(REDACTED)) return;
    found.edits.push({ start: node.start, end: node.end, text: JSON.stringify(found.standIns.of(node.value)), by });
    found.pointers.push(pointer);
    found.values.add(node.value);
  }
}

/** What counts documents, and tells nothing of a field. */
export const FIGURES: ReadonlySet<string> = new Set([
  "doc_count",
  "doc_count_error_upper_bound",
  "sum_other_doc_count",
  "bg_count",
  "meta",
  "interval",
]);

/** Clients may ask for the type before the name: `sterms#NAME`. */
export function aggregationNamed<T>(of: ReadonlyMap<string, T> | null, name: string): T | undefined {
  return of?.get(name) ?? of?.get(name.replace(/^[a-z0-9_]+#/, ""));
}

/** True for what a mapping says of a field. */
function isMapping(value: SpanNode, trail: readonly string[]): boolean {
  return trail.at(-1) === "properties" && !trail.includes("_source") && stringsOf(memberOf(value, "type")).length === 1;
}
