// The edits that chosen fields ask for in the JSON of a request: values below their names, in clauses about them, and in texts that name them.
import { pointerToken } from "../../../shared/json.ts";
import { askedOf } from "./asked.ts";
import type { ChosenFields } from "./fields.ts";
import { memberOf, type SpanNode, stringsOf } from "./spans.ts";
import { type Found, sortValues, TEXTS, takeOut } from "./take_out.ts";

/** Members of a clause or aggregation about a field that hold its values. */
const VALUES: ReadonlySet<string> = new Set(
  "query value values include exclude missing ranges script like unlike from to gt gte lt lte text prefix regex extended_bounds hard_bounds after".split(
    " ",
  ),
);
const NAMING: readonly string[] = ["field", "fields", "default_field", "default_fields", "type_field"];
/** Below these, members are named as fields are, and hold no values of theirs. */
const NO_VALUES: ReadonlySet<string> = new Set([
  "properties",
  "mappings",
  "runtime_mappings",
  "sort",
  "highlight",
  "_source",
  "stored_fields",
]);

/** Below these, members are fields of a document. */
const DOCUMENTS: ReadonlySet<string> = new Set(["doc", "docs", "document", "documents", "upsert", "params"]);
const CLAUSES: ReadonlySet<string> = new Set(["_geo_distance", "_script", "script", "highlight_query", "filter", "query", "missing"]);

/** A request's body, or one line of it; `holdsDocuments`: its members are fields. */
export function requestEdits(root: SpanNode, fields: ChosenFields, found: Found, holdsDocuments = false): void {
  walk(root, [], "");

  function walk(node: SpanNode, trail: readonly string[], pointer: string): void {
    if (node.kind === "array") {
      node.items.forEach((item, i) => {
        walk(item, trail, `${pointer}/${i}`);
      });
      return;
    }
    if (node.kind === "scalar") return;
    const named = NAMING.flatMap((name) => stringsOf(memberOf(node, name)).map((text) => text.replace(/\^.*$/, "")));
    const about = named.map((name) => fields.fits([name])).find((field) => field !== null) ?? null;
    for (const { name, value } of node.members) {
      const at = `${pointer}/${pointerToken(name)}`;
      const isDocument = holdsDocuments || trail.some((outer) => DOCUMENTS.has(outer));
      if (!isDocument && NO_VALUES.has(name)) {
        clausesBelow(value, at);
        continue;
      }
      const below = [...trail, name];
      if (name === "search_after" && value.kind === "array") {
        sortValues(value, askedOf(node, fields).sort, at, found);
        continue;
      }
      if (name === "suggest" && !isDocument) {
        takeOut(value, `field ${fields.first}`, at, found);
        continue;
      }
      const by = about !== null && VALUES.has(name) ? about : fields.fits(below);
      if (by !== null) takeOut(value, `field ${by}`, at, found);
      else if (name === "aggs" || name === "aggregations") definitions(value, at);
      else if (value.kind === "scalar") textual(name, value, at);
      else walk(value, below, at);
    }
  }

  // Sort, highlights and mappings name fields; what holds values in them is of these names.
  function clausesBelow(node: SpanNode, pointer: string): void {
    if (node.kind === "scalar") return;
    if (node.kind === "array") {
      node.items.forEach((item, i) => {
        clausesBelow(item, `${pointer}/${i}`);
      });
      return;
    }
    for (const member of node.members) {
      const at = `${pointer}/${pointerToken(member.name)}`;
      if (CLAUSES.has(member.name)) walk({ ...node, members: [member] }, [], pointer);
      else clausesBelow(member.value, at);
    }
  }

  // An aggregation may be called as a field is.
  function definitions(node: SpanNode, pointer: string): void {
    if (node.kind !== "object") return;
    for (const { name, value } of node.members) walk(value, [], `${pointer}/${pointerToken(name)}`);
  }

  function textual(name: string, node: SpanNode, pointer: string): void {
    const by = node.kind === "scalar" && node.isString && TEXTS.has(name) ? fields.namedIn(node.value) : null;
    if (by !== null) takeOut(node, `field ${by}`, pointer, found);
  }
}
