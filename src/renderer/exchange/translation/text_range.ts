// A pointer to characters of a text in the request: `/query#12-24`, as ES|QL's clauses have it.
import { parseJson } from "../../../shared/json.ts";
import type { LaidOut, Range } from "./layout_json.ts";

const FRAGMENT = /^([^#]*)#([0-9]+)-([0-9]+)$/;
const NAME = /^"(?:[^"\\]|\\.)*":\s*/;

/** Where these characters stand in the laid out request; undefined for a pointer of another kind. */
export function textRange(pointer: string, request: LaidOut): Range | undefined {
  const [, base = "", first = "", last = ""] = FRAGMENT.exec(pointer) ?? [];
  const whole = base === "" ? undefined : request.ranges.get(base);
  if (whole === undefined) return undefined;
  const piece = request.text.slice(whole.from, whole.to);
  const name = NAME.exec(piece)?.[0].length ?? 0;
  const text = textOf(piece.slice(name));
  if (text === undefined) return undefined;
  // A character may be written as several: \n, \".
  const at = (offset: number): number => whole.from + name + JSON.stringify(text.slice(0, offset)).length - 1;
  return { from: at(Number(first)), to: at(Number(last)) };
}

function textOf(literal: string): string | undefined {
  try {
    const value = parseJson(literal);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
