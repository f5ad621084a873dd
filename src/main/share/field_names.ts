// Names of fields that a body speaks of, to choose from: members of documents, and what clauses name.
import { memberOf, type SpanNode, spansOf, stringsOf } from "../capture/redact/spans.ts";

const LONGEST = 256 * 1024;
const MOST = 200;

/** Names below `_source`, `fields` and `doc`, and those that `field` names; once each. */
export function fieldNamesIn(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  if (!/"(?:_source|fields|field|doc|term|match)"/.test(text)) return names;
  for (const root of text.length > LONGEST ? [] : (spansOf(text) ?? [])) gather(root, names);
  return names;
}

function gather(node: SpanNode, names: Set<string>): void {
  if (names.size >= MOST || node.kind === "scalar") return;
  if (node.kind === "array") {
    for (const item of node.items) gather(item, names);
    return;
  }
  for (const name of stringsOf(memberOf(node, "field"))) names.add(name);
  for (const { name, value } of node.members) {
    if ((name === "_source" || name === "doc" || name === "fields") && value.kind === "object") document(value, "", names);
    else if ((name === "term" || name === "match" || name === "match_phrase" || name === "terms") && value.kind === "object") {
      for (const member of value.members) if (member.name !== "field" && value.members.length === 1) names.add(member.name);
      gather(value, names);
    } else gather(value, names);
  }
}

function document(node: SpanNode, path: string, names: Set<string>): void {
  if (names.size >= MOST || node.kind === "scalar") return;
  if (node.kind === "array") {
    for (const item of node.items) document(item, path, names);
    return;
  }
  for (const { name, value } of node.members) {
    const full = path === "" ? name : `${path}.${name}`;
    if (value.kind === "object") document(value, full, names);
    else names.add(full);
  }
}
