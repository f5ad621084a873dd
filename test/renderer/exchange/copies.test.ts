// Each copy is run as it stands, and what arrives at a socket is compared octet by octet.
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { createServer, type Server } from "node:http";
import { after, before, describe, test } from "node:test";
import { COPY_FORMATS } from "../../../src/renderer/exchange/copy/formats.ts";
import { type CopiedRequest, copiedHeaders } from "../../../src/renderer/exchange/copy/request.ts";
import type { HeaderPairs } from "../../../src/shared/exchange.ts";

const NDJSON: HeaderPairs = [
  ["Content-Type", "application/x-ndjson"],
  ["x-quoted", `it's "so" $HOME \\ \`id\``],
  ["X-Opaque-Id", "=a"],
];
const JSON_TYPE: HeaderPairs = [["content-type", "application/json"]];
const LONG = `${JSON.stringify({ index: { _id: "1" } })}\n${JSON.stringify({ text: "x'\\\n".repeat(50_000) })}\n`;

const CASES: readonly (readonly [what: string, method: string, path: string, headers: HeaderPairs, body: string | Uint8Array])[] = [
  ["NDJSON with its last newline", "POST", "/_bulk?refresh=wait_for", NDJSON, '{"index":{}}\n{"n":9007199254740993,"f":1.0,"m":-0}\n'],
  ["returns, blank lines, quotes, backslashes, percent signs", "POST", "/_bulk", NDJSON, "{}\r\n\n%s \\n '$x' `y` \\'\n\t!!\u007f\u0001"],
  ["characters of all planes and separators of lines", "PUT", "/caf%C3%A9/_doc/1", JSON_TYPE, '{"a":"é𝄞\u2028\ufeff"}'],
  ["a body that looks like a file's name", "POST", "/x", JSON_TYPE, "@/etc/hostname"],
  ["octets that are no text", "POST", "/x", [], Uint8Array.from([0, 255, 254, 128, 10, 0])],
  ["more than an argument can hold", "POST", "/_bulk", NDJSON, LONG],
  ["no body", "DELETE", "/logs-*/_doc/1?routing=a%20b&x=[1,{2}]", [], ""],
  ["dots in the path", "GET", "/a/../b/./c", [], ""],
  ["a body with GET", "GET", "/_search", JSON_TYPE, '{"size":0}'],
];

describe("a copy", () => {
  let server: Server;
  let url = "";
  const arrived: { readonly line: string; readonly body: Buffer; readonly type: string | undefined; readonly quoted: unknown }[] = [];

  before(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { "content-type": type, "x-quoted": quoted } = request.headers;
        arrived.push({ line: `${request.method} ${request.url}`, body: Buffer.concat(chunks), type, quoted });
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  });
  after(() => server.close());

  const RUNNERS: Readonly<Record<string, (text: string) => Promise<unknown>>> = {
    curl: (text) => piped("bash", ["-s"], text),
    httpie: (text) => piped("bash", ["-s"], text),
    fetch: (text) => piped(process.execPath, ["--input-type=module", "-"], text),
  };

  for (const { id, print } of COPY_FORMATS.filter((format) => RUNNERS[format.id] !== undefined)) {
    const program = id === "fetch" ? process.execPath : id === "httpie" ? "http" : "curl";
    const there = spawnSync(program, ["--version"]).status === 0;
    for (const [what, method, path, headers, body] of CASES) {
      test(`for ${id} sends ${what}`, { skip: there ? false : `${program} is not installed` }, async () => {
        arrived.length = 0;
        const octets = typeof body === "string" ? Buffer.from(body) : Buffer.from(body);
        await RUNNERS[id]?.(print({ method, url, path, headers, body: octets }));
        const [got] = arrived;
        assert.ok(got !== undefined && arrived.length === 1);
        // fetch has rules of its own for paths and for GET.
        const asked =
          id === "fetch"
            ? [method === "GET" && octets.length > 0 ? "POST" : method, new URL(url + path).href.slice(url.length)]
            : [method, path];
        // HTTPie writes brackets as %5B: another spelling of the same request.
        const line = id === "httpie" ? decodeURI(got.line).replaceAll("%5B", "[").replaceAll("%5D", "]") : got.line;
        assert.equal(line, id === "httpie" ? decodeURI(asked.join(" ")) : asked.join(" "));
        assert.ok(got.body.equals(octets), `${got.body.length} octets came, ${octets.length} were copied`);
        const type = headers.find(([name]) => /^content-type$/i.test(name))?.[1];
        if (octets.length > 0) assert.equal(got.type, type);
        assert.equal(got.quoted, headers.find(([name]) => name === "x-quoted")?.[1]);
      });
    }
  }
});

async function piped(program: string, args: readonly string[], text: string): Promise<void> {
  const running = execFile(program, [...args]);
  let errors = "";
  running.stderr?.on("data", (chunk: string) => {
    errors += chunk;
  });
  running.stdin?.end(text);
  const code = await new Promise((resolve) => running.once("close", resolve));
  assert.equal(code, 0, errors);
}

test("for Kibana's console has method, path and the body as it was sent", () => {
  const format = COPY_FORMATS.find(({ id }) => id === "console");
  const request = (body: string): CopiedRequest => ({
    method: "POST",
    url: "http://x",
    path: "/_bulk?a",
    headers: NDJSON,
    body: Buffer.from(body),
  });
  assert.equal(format?.print(request('{"index":{}}\n{"n":9007199254740993}\n')), 'POST /_bulk?a\n{"index":{}}\n{"n":9007199254740993}\n');
  assert.equal(format?.print(request('{"a":1}')), 'POST /_bulk?a\n{"a":1}\n');
  assert.equal(format?.print(request("")), "POST /_bulk?a\n");
});

test("leaves out what belongs to the connection, and secrets that were not kept", () => {
  const headers: HeaderPairs = [
    ["Host", "a"],
    ["Content-Length", "1"],
    ["Authorization", "Basic [redacted]"],
    ["X-A", "1"],
    ["x-a", "2"],
    ["X-Parallax-Replay", "7"],
  ];
  assert.deepEqual(copiedHeaders(headers), [
    ["X-A", "1"],
    ["x-a", "2"],
  ]);
});
