// `highlight` read: which fields, between which tags, in pieces of which size. What the unified highlighter can do beyond
// that is unsupported at its own pointer.
import { childPointer, isArray, isObject, type JsonObject, type JsonValue, member } from "../../../../shared/json.ts";
import { RejectedRequest, UnsupportedClause } from "../../failure.ts";
import { booleanOption, listOf, numberOption, parameters, scalarText, textOption } from "../../parameters.ts";

export interface HighlightOptions {
  readonly pattern: string;
  readonly before: string;
  readonly after: string;
  /** True: only clauses on the field itself count, and a phrase is one piece. */
  readonly sameField: boolean;
  /** 0: the whole value. */
  readonly fragments: number;
  /** UTF-16 units of a fragment; 0: a sentence each. */
  readonly fragmentSize: number;
  readonly boundary: "sentence" | "word";
  /** Best fragments first, not first ones. */
  readonly byScore: boolean;
  /** UTF-16 units that a field without a match shows. */
  readonly noMatchSize: number;
  readonly encode: (text: string) => string;
  /** `highlight_query`: what is marked instead of what the query looks for. */
  readonly query: JsonValue | undefined;
  /** JSON pointer of `query`. */
  readonly queryPointer: string;
}

const OPTIONS = [
  "pre_tags",
  "post_tags",
  "tags_schema",
  "require_field_match",
  "fragment_size",
  "number_of_fragments",
  "type",
  "order",
  "no_match_size",
  "encoder",
  "force_source",
  "phrase_limit",
  "boundary_scanner",
  "boundary_scanner_locale",
  "boundary_chars",
  "boundary_max_scan",
  "fragment_offset",
  "highlight_query",
];

export function highlightOptions(value: JsonValue, pointer: string): readonly HighlightOptions[] {
  const general = parameters(value, pointer, "highlight", [...OPTIONS, "fields"]);
  const fields = member(general, "fields") ?? {};
  const list = isArray(fields) ? fields : [fields];
  return list.flatMap((entry, i) => {
    const own = isArray(fields) ? childPointer(`${pointer}/fields`, i) : `${pointer}/fields`;
    if (!isObject(entry)) throw new RejectedRequest("parsing_exception", "[highlight] fields must be objects");
    return Object.entries(entry).map(([pattern, options]) => fieldOptions(pattern, options, general, childPointer(own, pattern)));
  });
}

function fieldOptions(pattern: string, value: JsonValue, general: JsonObject, pointer: string): HighlightOptions {
  if (!isObject(value)) throw new RejectedRequest("x_content_parse_exception", "[highlight_field] Expected START_OBJECT");
  const own = parameters(value, pointer, "highlight", OPTIONS);
  const options = { ...general, ...own };
  const styled = textOption(options, "tags_schema", "default").toLowerCase() === "styled";
  const fragments = numberOption(options, "number_of_fragments", 5);
  const noMatchSize = numberOption(options, "no_match_size", 0);
  checkSupported(options, pointer);
  return {
    pattern,
    before: tag(options, "pre_tags", styled ? '<em class="hlt1">' : "<em>"),
    after: tag(options, "post_tags", "</em>"),
    sameField: booleanOption(options, "require_field_match", true),
    fragments,
    fragmentSize: numberOption(options, "fragment_size", 100),
    boundary: textOption(options, "boundary_scanner", "sentence").toLowerCase() === "word" ? "word" : "sentence",
    byScore: textOption(options, "order", "none").toLowerCase() === "score",
    noMatchSize,
    encode: textOption(options, "encoder", "default") === "html" ? encodeHtml : (text) => text,
    query: member(options, "highlight_query"),
    queryPointer: `${member(own, "highlight_query") === undefined ? "/highlight" : pointer}/highlight_query`,
  };
}

const CHOICES: readonly (readonly [name: string, known: readonly string[], reason: string])[] = [
  ["type", ["unified"], "only the unified highlighter is followed"],
  ["order", ["none", "score"], "Elasticsearch knows no such order"],
  ["encoder", ["default", "html"], "Elasticsearch knows no such encoder"],
  ["boundary_scanner", ["sentence", "word"], "only sentences and words are followed"],
  ["boundary_scanner_locale", [""], "boundaries of the root locale alone are known here"],
];

function checkSupported(options: JsonObject, pointer: string): void {
  for (const [name, known, reason] of CHOICES) {
    if (!known.includes(textOption(options, name, known[0] ?? "").toLowerCase())) throw new UnsupportedClause(`${pointer}/${name}`, reason);
  }
}

const ENTITIES: Readonly<Record<string, string>> = { '"': "&quot;", "&": "&amp;", "<": "&lt;", ">": "&gt;", "'": "&#x27;", "/": "&#x2F;" };

// Lucene's SimpleHTMLEncoder.
function encodeHtml(text: string): string {
  return text.replace(/["&<>'/]/g, (char) => ENTITIES[char] ?? char);
}

function tag(options: JsonObject, name: string, fallback: string): string {
  const [first] = listOf(member(options, name) ?? undefined);
  return first === undefined ? fallback : scalarText(first);
}
