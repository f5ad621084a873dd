// A value of a scanned document, as the parser gives it.
import { type JsonValue, parseJson } from "../../shared/json.ts";
import { textOf } from "../elasticsearch/raw_json.ts";
import { type DocumentScan, VALUE } from "./document_scan.ts";

/** Throws SyntaxError and JsonSyntaxError. */
export function scannedValue({ bytes, kinds, from, to }: DocumentScan, value: number): JsonValue {
  switch (kinds[value]) {
    case VALUE.true:
      return true;
    case VALUE.false:
      return false;
    case VALUE.null:
      return null;
  }
  const text = textOf(bytes.subarray(from[value], to[value]));
  if (kinds[value] === VALUE.ascii || kinds[value] === VALUE.utf8) return text;
  if (kinds[value] === VALUE.escaped) return JSON.parse(`"${text}"`);
  if (kinds[value] === VALUE.string) return JSON.parse(text);
  return parseJson(text);
}
