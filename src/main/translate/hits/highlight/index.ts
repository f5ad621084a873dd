// `highlight`, the unified highlighter: which fields, and the pieces of their values with the words found marked.
import type { JsonObject, JsonValue } from "../../../../shared/json.ts";
import { UnsupportedClause } from "../../failure.ts";
import type { Highlight } from "../../query/types.ts";
import type { Document } from "../hit.ts";

export function compileHighlight(
  value: JsonValue | undefined,
  pointer: string,
  _highlights: readonly Highlight[],
): (document: Document) => JsonObject {
  if (value === undefined || value === null) return () => ({});
  throw new UnsupportedClause(pointer, "highlighting is not translated yet");
}
