// Answers as bytes: in the content type that the client asked for, pretty where it asked for that. Pure.
import type { HeaderPairs } from "../../shared/exchange.ts";
import { isArray, isNumber, isObject, type JsonValue, printJson } from "../../shared/json.ts";
import { filterPath } from "../elasticsearch/filter_path.ts";

const VENDOR = /application\/vnd\.elasticsearch\+json\s*;\s*compatible-with\s*=\s*[89]/i;

/** "" or why an answer can't be printed as the client wants it. `tables`: the endpoint prints tables as text, too. */
export function unprintable(params: ReadonlyMap<string, string>, accept: string, tables: boolean): string {
  const format = params.get("format");
  if (format !== undefined && format !== "json" && !(tables && format === "text")) return `format [${format}]`;
  if (/cbor|smile|yaml|mapbox|csv|tab-separated|apache\.arrow/i.test(accept) || (/^text\/plain/i.test(accept) && !tables))
    return `content type [${accept}]`;
  return params.has("error_trace") && params.get("error_trace") !== "false" ? "error_trace" : "";
}

/** Content type of a JSON answer, by what the client accepts. Of several types Elasticsearch takes that of the request's body. */
export function contentType(accept: string, sent: string): string {
  if (accept.includes(",")) return VENDOR.test(sent) ? "application/vnd.elasticsearch+json" : "application/json";
  const version = VENDOR.exec(accept)?.[0];
  return version === undefined ? "application/json" : `application/vnd.elasticsearch+json;compatible-with=${version.slice(-1)}`;
}

/** The body of a JSON answer, as `filter_path` and `pretty` want it. */
export function printAnswer(body: JsonValue, params: ReadonlyMap<string, string>): Uint8Array {
  const filter = params.get("filter_path");
  const shown = filter === undefined || filter === "" ? body : filterPath(body, filter);
  const pretty = params.get("pretty");
  return Buffer.from(pretty === undefined || pretty === "false" ? printJson(shown) : `${prettyJson(shown, "")}\n`, "utf8");
}

// As Jackson prints it.
function prettyJson(value: JsonValue, indent: string): string {
  const inner = `${indent}  `;
  if (isArray(value)) {
    if (value.length === 0) return "[ ]";
    return `[\n${value.map((item) => inner + prettyJson(item, inner)).join(",\n")}\n${indent}]`;
  }
  if (isObject(value) && !isNumber(value)) {
    const members = Object.entries(value);
    if (members.length === 0) return "{ }";
    return `{\n${members.map(([name, item]) => `${inner}${JSON.stringify(name)} : ${prettyJson(item, inner)}`).join(",\n")}\n${indent}}`;
  }
  return printJson(value);
}

/** A header's first value, by its name in lower case; "" without it. */
export function headerOf(headers: HeaderPairs, name: string): string {
  return headers.find(([own]) => own.toLowerCase() === name)?.[1] ?? "";
}
