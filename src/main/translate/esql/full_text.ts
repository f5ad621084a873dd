// Whether a query searches full text: only then have its rows scores that differ.
import { isArray, isObject, type JsonValue, member } from "../../../shared/json.ts";
import { FUNCTIONS } from "./functions/index.ts";
import { type Expression, partsOf, type Tree } from "./tree.ts";

/** True where a WHERE holds a search function or the operator `:`. */
export function searchesText({ commands }: Tree): boolean {
  return commands.some((command) => command.kind === "where" && searches(command.condition));
}

function searches(node: Expression): boolean {
  if (node.kind === "match") return true;
  return (node.kind === "call" && FUNCTIONS.get(node.name.toLowerCase())?.kind === "search") || partsOf(node).some(searches);
}

/** False where the request's filter gives no scores: none, or a `bool` of filters alone. */
export function scores(filter: JsonValue | null): boolean {
  if (filter === null) return false;
  const bool = isObject(filter) ? member(filter, "bool") : undefined;
  if (!isObject(bool)) return true;
  return ["must", "should"].some((name) => {
    const clauses = member(bool, name);
    return clauses !== undefined && !(isArray(clauses) && clauses.length === 0);
  });
}
