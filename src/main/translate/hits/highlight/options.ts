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
}

const OPTIONS = [
  "pre_tags",
  "post_tags",
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
];

/** A fragment this long takes in any value. */
const WITHOUT_LIMIT = 1_000_000_000;

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
  const options = { ...general, ...parameters(value, pointer, "highlight", OPTIONS) };
  const fragments = numberOption(options, "number_of_fragments", 5);
  checkSupported(options, fragments, pointer);
  return {
    pattern,
    before: tag(options, "pre_tags", "<em>"),
    after: tag(options, "post_tags", "</em>"),
    sameField: booleanOption(options, "require_field_match", true),
    fragments,
  };
}

function checkSupported(options: JsonObject, fragments: number, pointer: string): void {
  const expected: readonly (readonly [string, string, string])[] = [
    ["type", "unified", "only the unified highlighter is followed"],
    ["order", "none", "fragments by score have no equal here yet"],
    ["encoder", "default", "HTML is not encoded yet"],
    ["boundary_scanner", "sentence", "only whole sentences are followed"],
    ["no_match_size", "0", "text of fields without a match is not shown yet"],
  ];
  for (const [name, only, reason] of expected) {
    if (textOption(options, name, only).toLowerCase() !== only) throw new UnsupportedClause(`${pointer}/${name}`, reason);
  }
  if (fragments !== 0 && numberOption(options, "fragment_size", 100) < WITHOUT_LIMIT) {
    throw new UnsupportedClause(`${pointer}/fragment_size`, "fragments of a limited size have no equal here yet; ask for whole values");
  }
}

function tag(options: JsonObject, name: string, fallback: string): string {
  const [first] = listOf(member(options, name) ?? undefined);
  return first === undefined ? fallback : scalarText(first);
}
