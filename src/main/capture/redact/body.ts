// The edits of one body's text: chosen fields by the JSON that it is, what looks like a secret by its look.
import { ABOUT_SECRET_MEMBERS, isAboutSecrets, REDACTED } from "../redaction.ts";
import { answerEdits } from "./answer_edits.ts";
import { type Asked, askedOf, derivedNames, UNKNOWN } from "./asked.ts";
import { type Edit, inOrder } from "./edits.ts";
import type { ChosenFields } from "./fields.ts";
import { requestEdits } from "./request_edits.ts";
import type { RedactionRules } from "./rules.ts";
import { secretsIn } from "./secrets.ts";
import { memberOf, type SpanNode, spansOf, stringsOf } from "./spans.ts";
import type { Found } from "./take_out.ts";

const HOLDS_DOCUMENTS = /\/_(?:bulk|doc|create|update)(?:[/?]|$)/;
/** Answers that hold a field's values as names, or without any. */
const OPAQUE = /\/_(?:termvectors|mtermvectors|terms_enum|analyze|explain|validate)(?:[/?]|$)/;

/** The edits of a request's body. */
export function editsOfRequest(text: string, path: string, rules: RedactionRules, found: Omit<Found, "edits">): readonly Edit[] {
  return editsOf(text, path, rules, found, (root, into) => requestEdits(root, rules.fields, into, HOLDS_DOCUMENTS.test(path)));
}

/** The edits of an answer's body; `asked`: of each of its searches. */
export function editsOfAnswer(
  text: string,
  path: string,
  rules: RedactionRules,
  asked: readonly Asked[],
  found: Omit<Found, "edits">,
): readonly Edit[] {
  if (rules.fields.any && text !== "" && OPAQUE.test(path)) return [whole(text, rules)];
  return editsOf(text, path, rules, found, (root, into) => answerEdits(root, rules.fields, asked, into));
}

function editsOf(
  text: string,
  path: string,
  rules: RedactionRules,
  found: Omit<Found, "edits">,
  walk: (root: SpanNode, into: Found) => void,
): readonly Edit[] {
  const edits: Edit[] = [...secretsIn(text, rules.secrets)];
  if (isAboutSecrets(path)) edits.push(...membersAboutSecrets(text));
  if (!rules.fields.any || text.trim() === "") return inOrder(edits);
  const roots = spansOf(text);
  // Where a field's values are can't be told: none of it leaves.
  if (roots === null) return [whole(text, rules)];
  const into: Found = { ...found, edits };
  for (const root of roots) walk(root, into);
  return inOrder(edits);
}

function whole(text: string, { fields }: RedactionRules): Edit {
  return { start: 0, end: text.length, text: `"${REDACTED}"`, by: `field ${fields.first}` };
}

function membersAboutSecrets(text: string): readonly Edit[] {
  return [...text.matchAll(ABOUT_SECRET_MEMBERS)].flatMap((match) => {
    const start = match.index + (match[1]?.length ?? 0);
    const end = match.index + match[0].length;
    return text.slice(start, end) === `"${REDACTED}"` ? [] : [{ start, end, text: `"${REDACTED}"`, by: "credentials of users and keys" }];
  });
}

/** The rules with the names that a request makes of chosen fields. */
export function withDerived(text: string, rules: RedactionRules): RedactionRules {
  if (!rules.fields.any || !/"(?:script_fields|runtime_mappings)"/.test(text)) return rules;
  const names = (spansOf(text) ?? []).flatMap((root) => derivedNames(root, rules.fields));
  return names.length === 0 ? rules : { ...rules, fields: rules.fields.with(names) };
}

/** What the searches of a request asked, one each of an `_msearch`. */
export function askedIn(text: string, endpoint: string, fields: ChosenFields): readonly Asked[] {
  if (!fields.any || text.trim() === "") return [UNKNOWN];
  const roots = spansOf(text);
  if (roots === null) return [UNKNOWN];
  if (endpoint === "_msearch") return roots.filter((_, i) => i % 2 === 1).map((body) => askedOf(body, fields));
  const [body] = roots;
  // A template's search is not in the request.
  return endpoint.endsWith("template") || stringsOf(memberOf(body, "id")).length > 0 ? [UNKNOWN] : [askedOf(body, fields)];
}
