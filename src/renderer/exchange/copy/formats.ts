// The forms in which a request is copied, a line each.
import { base64, bodyText, type CopiedRequest } from "./request.ts";
import { curlCommand, httpieCommand } from "./shell.ts";

interface CopyFormat {
  readonly id: string;
  readonly label: string;
  readonly print: (request: CopiedRequest) => string;
}

export const COPY_FORMATS: readonly CopyFormat[] = [
  { id: "curl", label: "curl", print: curlCommand },
  { id: "console", label: "Kibana Console", print: consoleRequest },
  { id: "fetch", label: "fetch (JavaScript)", print: fetchCall },
  { id: "httpie", label: "HTTPie", print: httpieCommand },
];

/** For Kibana's console: method and path, the body below. It takes no headers. */
function consoleRequest({ method, path, body }: CopiedRequest): string {
  const text = bodyText(body) ?? "";
  return `${method} ${path}\n${text}${text === "" || text.endsWith("\n") ? "" : "\n"}`;
}

/** A call of fetch, which sends no body with GET: Elasticsearch takes searches by POST alike. */
function fetchCall({ method, url, path, headers, body }: CopiedRequest): string {
  const asked = body.byteLength > 0 && method === "GET" ? "POST" : method;
  const lines = [`  method: ${JSON.stringify(asked)},`];
  if (headers.length > 0) lines.push("  headers: [", ...headers.map((header) => `    ${literal([...header])},`), "  ],");
  if (body.byteLength > 0) lines.push(`  body: ${bodyLiteral(body)},`);
  return `await fetch(${literal(url + path)}, {\n${lines.join("\n")}\n});\n`;
}

function bodyLiteral(body: Uint8Array): string {
  const text = bodyText(body);
  return text === null ? `Uint8Array.from(atob("${base64(body)}"), (char) => char.charCodeAt(0))` : literal(text);
}

function literal(value: string | readonly string[]): string {
  return JSON.stringify(value);
}
