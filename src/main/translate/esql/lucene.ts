// Which conditions Elasticsearch hands to Lucene: there a number is compared as the field holds it, a float with a float. Elsewhere
// both are doubles, and 0.1 is not the float 0.1.
import { fieldType } from "../../elasticsearch/fields/index.ts";
import type { Certainty, Scope } from "./scope.ts";
import type { Expression } from "./tree.ts";
import type { Value } from "./value.ts";

/** Whether all of a condition over documents goes to Lucene. */
export function toldByLucene(node: Expression, scope: Scope): Certainty {
  switch (node.kind) {
    case "binary":
      if (node.op === "and" || node.op === "or") return both(toldByLucene(node.left, scope), toldByLucene(node.right, scope));
      return both(isField(node.left, scope) ? "yes" : "no", isLiteral(node.right) ? "yes" : "unknown");
    case "not":
      return toldByLucene(node.item, scope);
    case "in":
      return both(isField(node.item, scope) ? "yes" : "no", node.list.every(isLiteral) ? "yes" : "unknown");
    case "is_null":
    case "like":
    case "rlike":
      return isField(node.item, scope) ? "yes" : "no";
    case "match":
      return "yes";
    case "call":
      if (/^(match|match_phrase|qstr|kql)$/i.test(node.name)) return "yes";
      return /^(cidr_match|starts_with|ends_with|st_)/i.test(node.name) ? "unknown" : "no";
    case "literal":
    case "list":
    case "span":
    case "name":
    case "cast":
    case "negative":
      return "no";
  }
}

function both(a: Certainty, b: Certainty): Certainty {
  if (a === "no" || b === "no") return "no";
  return a === "yes" && b === "yes" ? "yes" : "unknown";
}

const isLiteral = (node: Expression): boolean => node.kind === "literal";

function isField(node: Expression, { attributes }: Scope): boolean {
  if (node.kind !== "name") return false;
  const value = attributes.find(({ name }) => name === node.name)?.value;
  return value?.field !== undefined && value.field.params.index !== false && value.field.params.index !== "false";
}

/** True where a field holds no such number: a float has no 0.1. */
export function isRounded({ field }: Value, { constant }: Value): boolean {
  if (field === undefined || (typeof constant !== "number" && typeof constant !== "bigint")) return false;
  if (!/^(float|half_float|scaled_float)$/.test(field.type)) return false;
  const term = fieldType(field)?.term?.(field, Number(constant));
  return term?.kind !== "value" || Number(term.value) !== Number(constant);
}
