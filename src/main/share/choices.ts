// What someone asks to be taken out, read from JSON.
import { isArray, isObject, type JsonValue } from "../../shared/json.ts";
import { type RedactionChoices, SECRET_KINDS } from "../../shared/share.ts";

export type ReadChoices = { readonly ok: true; readonly choices: RedactionChoices } | { readonly ok: false; readonly problem: string };

const LISTS: Readonly<Record<string, readonly string[] | null>> = {
  headers: null,
  fields: null,
  parameters: null,
  secrets: SECRET_KINDS,
  bodies: ["request", "answers"],
};
const SWITCHES: readonly string[] = ["addresses", "hosts"];

/** Nothing that is asked for is passed over: what is not known is refused. */
export function readChoices(value: JsonValue | undefined): ReadChoices {
  if (value === undefined) return { ok: true, choices: {} };
  if (!isObject(value)) return { ok: false, problem: '"redact" must be an object' };
  for (const [name, of] of Object.entries(value)) {
    const problem = problemOf(name, of);
    if (problem !== "") return { ok: false, problem };
  }
  // Each member has just been looked at.
  return { ok: true, choices: value as RedactionChoices };
}

function problemOf(name: string, value: JsonValue): string {
  if (SWITCHES.includes(name)) return typeof value === "boolean" ? "" : `"${name}" of "redact" must be true or false`;
  if (!Object.hasOwn(LISTS, name)) return `"redact" has no member "${name}"; it takes ${[...Object.keys(LISTS), ...SWITCHES].join(", ")}`;
  const known = LISTS[name] ?? null;
  const wrong = isArray(value) ? value.find((item) => typeof item !== "string" || (known !== null && !known.includes(item))) : null;
  if (wrong === undefined) return "";
  return known === null ? `"${name}" of "redact" must be a list of names` : `"${name}" of "redact" must be a list of ${known.join(", ")}`;
}

/** The choices of a line like `fields=email,user.name;secrets=email;hosts`: parts by `;`, names by `,`. */
export function choicesOfText(text: string): ReadChoices {
  const members: Record<string, JsonValue> = {};
  for (const part of text.split(";").filter((piece) => piece.trim() !== "")) {
    const [name = "", list] = part.trim().split("=", 2);
    if (list === undefined) members[name] = true;
    else members[name] = list.split(",").map((item) => item.trim());
  }
  return readChoices(members);
}
