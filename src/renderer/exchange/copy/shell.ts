// Requests as command lines of a POSIX shell.
import { base64, bodyText, type CopiedRequest, headerValue } from "./request.ts";

/** An argument may have 128 KiB on Linux; what is longer goes through a pipe, which printf, part of the shell, fills. */
const LONGEST_ARGUMENT = 64 * 1024;

export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** curl, the body by `--data-binary`. */
export function curlCommand({ method, url, path, headers, body }: CopiedRequest): string {
  const parts = [`curl -sS${method === "HEAD" ? " --head" : ` -X ${quote(method)}`} --globoff --path-as-is ${quote(url + path)}`];
  for (const [name, value] of headers) parts.push(`-H ${quote(value === "" ? `${name};` : `${name}: ${value}`)}`);
  if (body.byteLength === 0) return parts.join(" \\\n  ");
  // Without one, curl says that it is a form.
  if (headerValue(headers, "content-type") === undefined) parts.push("-H 'Content-Type:'");
  const text = bodyText(body);
  // A body that begins with @ would be a file's name; an argument ends at a NUL.
  const inline = text !== null && body.byteLength <= LONGEST_ARGUMENT && !text.startsWith("@") && !text.includes("\0");
  return `${inline ? "" : piped(body)}${[...parts, inline ? `--data-binary ${quote(text)}` : "--data-binary @-"].join(" \\\n  ")}`;
}

/** HTTPie, the body from its standard input. */
export function httpieCommand({ method, url, path, headers, body }: CopiedRequest): string {
  const parts = [`http${body.byteLength === 0 ? " --ignore-stdin" : ""} --path-as-is ${quote(method)} ${quote(url + path)}`];
  for (const [name, value] of headers) parts.push(quote(value === "" ? `${name};` : `${name}:${escaped(value)}`));
  if (body.byteLength > 0 && headerValue(headers, "content-type") === undefined) parts.push("'Content-Type:'");
  return `${body.byteLength === 0 ? "" : piped(body)}${parts.join(" \\\n  ")}`;
}

// `Name:=value` and `Name:@file` are something else to HTTPie.
function escaped(value: string): string {
  return /^[=@]/.test(value) ? `\\${value}` : value;
}

function piped(body: Uint8Array): string {
  const text = bodyText(body);
  if (text === null || text.includes("\0")) return `printf %s ${quote(base64(body))} | base64 -d | `;
  return `printf %s ${quote(text)} | `;
}
