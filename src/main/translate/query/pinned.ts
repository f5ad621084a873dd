// pinned: documents by `_id`, in the order given, above those of a query. The first pin has the greatest score; the query's own are capped
// below the last.
import { childPointer, isObject, type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import { and, binary, call, column, type Expr, or, param } from "../../clickhouse/sql/ast.ts";
import type { Context } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { listOf, parameters, scalarText } from "../parameters.ts";
import { indexName } from "../source.ts";
import { relevant } from "./compiled.ts";
import { compileQuery } from "./index.ts";
import { scoringOf } from "./score.ts";
import type { Compiled } from "./types.ts";

const MOST_PINS = 100;
/** The bits of 2^127 as a float: what the query's own scores don't pass. */
const CAP = 0x7f000000;

interface Pin {
  readonly index: string | null;
  readonly id: string;
}

export function compilePinned(body: JsonValue, pointer: string, context: Context): Compiled {
  const options = parameters(body, pointer, "pinned", ["ids", "docs", "organic"]);
  const organic = member(options, "organic");
  if (organic === undefined) throw new RejectedRequest("parsing_exception", "Required [organic]");
  const pins = pinsOf(options, pointer);
  const query = compileQuery(organic, childPointer(pointer, "organic"), context);
  const own = scoringOf(query);
  const matches = pins.map((pin) => isPinned(pin, context));
  const where = or([...matches, query.where]);
  const highlights = query.highlights.map((highlight) => ({ ...highlight, conditional: true as const }));
  if (own === undefined) return relevant(where, highlights);
  const capped = call("least", own, param("Float64", floatOf(CAP)));
  const scored = matches.flatMap((match, i) => [match, param("Float64", floatOf(CAP + 1 + pins.length - i))]);
  return relevant(where, highlights, pins.length === 0 ? capped : call("multiIf", ...scored, capped));
}

function pinsOf(options: JsonObject, pointer: string): readonly Pin[] {
  const [ids, docs] = [member(options, "ids"), member(options, "docs")];
  if ((ids === undefined) === (docs === undefined)) {
    throw new RejectedRequest("parsing_exception", "[pinned] takes either [ids] or [docs]");
  }
  const pins = [...listOf(ids).map((id) => ({ index: null, id: scalarText(id) })), ...listOf(docs).map((doc) => pinOf(doc, pointer))];
  if (pins.length > MOST_PINS) throw new RejectedRequest("parsing_exception", `[pinned] takes no more than ${MOST_PINS} documents`);
  if (new Set(pins.map(({ index, id }) => JSON.stringify([index, id]))).size < pins.length) {
    throw new RejectedRequest("parsing_exception", "[pinned] names a document twice");
  }
  return pins;
}

function pinOf(doc: JsonValue, pointer: string): Pin {
  const id = isObject(doc) ? member(doc, "_id") : undefined;
  if (!isObject(doc) || typeof id !== "string") throw new UnsupportedClause(`${pointer}/docs`, "a document without [_id] has no SQL");
  const index = member(doc, "_index") ?? null;
  return { index: index === null ? null : scalarText(index), id };
}

function isPinned({ index, id }: Pin, context: Context): Expr {
  const same = binary(column("_id"), "=", param("String", id));
  return index === null ? same : and([same, binary(indexName(context), "=", param("String", index))]);
}

function floatOf(bits: number): number {
  return new Float32Array(new Uint32Array([bits]).buffer)[0] ?? 0;
}
