// JSON and NDJSON laid out over lines, every number letter for letter; other text comes back as it is.
import { JsonSyntaxError, parseJson, printJson } from "../../../shared/json.ts";
import { indentCut } from "./indent_cut.ts";

/** `cut`: the text is the first part of a longer one. */
export function indentJson(text: string, cut = false): string {
  if (text.trim() === "") return text;
  if (cut) return indentCut(text) ?? text;
  return tryIndent(text) ?? indentLines(text) ?? text;
}

function tryIndent(text: string): string | null {
  try {
    return printJson(parseJson(text), 2);
  } catch (error) {
    if (error instanceof JsonSyntaxError || error instanceof RangeError) return null;
    throw error;
  }
}

function indentLines(text: string): string | null {
  const laidOut: string[] = [];
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const indented = tryIndent(line);
    if (indented === null) return null;
    laidOut.push(indented);
  }
  return laidOut.join("\n");
}
