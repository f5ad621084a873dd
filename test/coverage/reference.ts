// What a server calls itself: `Elasticsearch 9.4.3`, `OpenSearch 3.8.0`.
import { isObject, type JsonValue, member, parseJson } from "../../src/shared/json.ts";

/** Asks the server at this URL for its name and version. */
export async function referenceOf(url: string): Promise<string> {
  const answer = parseJson(await (await fetch(url)).text());
  const version = isObject(answer) ? member(answer, "version") : undefined;
  const text = (name: string): JsonValue => (isObject(version) ? (member(version, name) ?? null) : null);
  return `${text("distribution") === "opensearch" ? "OpenSearch" : "Elasticsearch"} ${String(text("number"))}`;
}
