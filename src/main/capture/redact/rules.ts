// The choices of a redaction, ready to be asked.
import { ALWAYS_REDACTED, type RedactionChoices, SECRET_KINDS, type SecretKind } from "../../../shared/share.ts";
import { type ChosenFields, chosenFields } from "./fields.ts";

export interface RedactionRules {
  readonly headers: ReadonlySet<string>;
  readonly fields: ChosenFields;
  readonly parameters: ReadonlySet<string>;
  readonly secrets: readonly SecretKind[];
  readonly bodies: ReadonlySet<"request" | "answers">;
  readonly addresses: boolean;
  readonly hosts: boolean;
}

/** What is taken out: what is chosen, and what no file that is handed on ever holds. */
export function redactionRules(choices: RedactionChoices): RedactionRules {
  const kinds = new Set<SecretKind>([...ALWAYS_REDACTED, ...(choices.secrets ?? [])]);
  return {
    headers: new Set((choices.headers ?? []).map((name) => name.toLowerCase())),
    fields: chosenFields(choices.fields ?? []),
    parameters: new Set((choices.parameters ?? []).map((name) => name.toLowerCase())),
    secrets: SECRET_KINDS.filter((kind) => kinds.has(kind)),
    bodies: new Set(choices.bodies ?? []),
    addresses: choices.addresses ?? false,
    hosts: choices.hosts ?? false,
  };
}
