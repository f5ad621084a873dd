// Which indices a request may have removed. Pure. Whether they are gone Elasticsearch itself says: a wildcard does not mean hidden
// indices unless told, date math is not reckoned here, and an index may have been made anew at once.
import { isArray, isObject, type JsonValue, member, parseJson } from "../../shared/json.ts";
import { textOf } from "../elasticsearch/raw_json.ts";
import { expressionNames } from "./expression.ts";
import type { WriteRequest } from "./operations.ts";

/** `yes`: it was named itself. `maybe`: a pattern fits it. */
export type Removed = "yes" | "maybe" | "no";

/** What became of an index by its name; null where the request removes none. */
export function removedBy({ method, route, body }: WriteRequest): ((name: string) => Removed) | null {
  const { endpoint, index, id } = route;
  if (method === "DELETE" && endpoint === "" && index !== "") return removedOf(index);
  if (method === "DELETE" && endpoint === "_data_stream") {
    return removedOf(
      id
        .split(",")
        .map((stream) => `.ds-${stream}-*,.fs-${stream}-*`)
        .join(","),
    );
  }
  const removed = endpoint === "_aliases" ? removedIndices(body) : [];
  return removed.length === 0 ? null : removedOf(removed.join(","));
}

function removedOf(expression: string): (name: string) => Removed {
  const named = new Set(expression.split(","));
  const meant = withoutDates(expression);
  return (name) => (expressionNames(meant, name) ? (named.has(name) ? "yes" : "maybe") : "no");
}

/** `<logs-{now/d{yyyy.MM|+12:00}}>` → `logs-*`. */
function withoutDates(expression: string): string {
  return expression.replace(/<([^>]*)>/g, (_, name: string) => name.replace(/\{(?:[^{}]|\{[^{}]*\})*\}/g, "*"));
}

/** The indices of `remove_index` actions. */
function removedIndices(body: Uint8Array): readonly string[] {
  const actions = actionsOf(body);
  return (isArray(actions) ? actions : []).flatMap((action) => {
    const removal = isObject(action) ? member(action, "remove_index") : undefined;
    if (!isObject(removal)) return [];
    const [one, several] = [member(removal, "index"), member(removal, "indices")];
    return [one, ...(isArray(several) ? several : [several])].filter((name) => typeof name === "string");
  });
}

function actionsOf(body: Uint8Array): JsonValue | undefined {
  try {
    const sent = parseJson(textOf(body));
    return isObject(sent) ? member(sent, "actions") : undefined;
  } catch {
    return undefined;
  }
}
