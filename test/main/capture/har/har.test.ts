import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import { importHar, looksLikeHar } from "../../../../src/main/capture/har/import.ts";
import { harEntries } from "../../../../src/main/capture/har/scan.ts";
import { type HarOptions, writeHar } from "../../../../src/main/capture/har/write.ts";
import { compileFilter, openSession, type Session } from "../../../../src/main/capture/index.ts";
import type { HeaderPairs } from "../../../../src/shared/exchange.ts";
import { newSeed, seededRandom } from "../../../support/random.ts";
import { bytes, exchange, folder, part, session } from "../records.ts";

async function harOf(s: Session, options: Partial<HarOptions> = {}): Promise<string> {
  let text = "";
  for await (const piece of writeHar(s, { version: "1", ...options })) text += piece;
  return text;
}

/** The session that a HAR becomes. */
async function imported(context: TestContext, har: string): Promise<Session> {
  const path = folder(context);
  writeFileSync(join(path, "x.har"), har);
  await importHar(join(path, "x.har"), join(path, "x.parallax"));
  const opened = openSession(join(path, "x.parallax"), { readOnly: true });
  context.after(() => opened.close());
  return opened;
}

const NDJSON = '{"index":{"_id":"1"}}\n{"n":9007199254740993,"u":"\u2028 é 𝄞 \\u0000","x":1.0}\r\n\n';

function filled(context: TestContext): Session {
  const s = session(context);
  const headers: HeaderPairs = [
    ["Host", "es.example:9200"],
    ["Authorization", "ApiKey secret-of-a-client"],
    ["x-dup", "1"],
    ["X-Dup", "2"],
    ["Content-Type", "application/x-ndjson"],
  ];
  const message = { version: "1.1", headers, bodyBytes: 5, truncated: false };
  s.put(
    exchange(3, {
      verdict: "different",
      clickhouseMs: 4,
      searches: [part(0, "different")],
      pinned: true,
      marker: "red",
      comment: "see me",
    }),
    {
      request: bytes('{"size":0}'),
      elasticsearch: bytes('{"took":3}'),
    },
  );
  s.put(
    exchange(5, {
      path: "/_bulk?refresh=wait_for&q=a+b",
      endpoint: "_bulk",
      kind: "write",
      index: "",
      request: message,
      mirror: { indexed: 1, deleted: 0, failed: 0, notMirrored: 0, reason: "" },
    }),
    {
      request: bytes(NDJSON),
      elasticsearch: Buffer.from([0xff, 0xfe, 0, 1, 2]),
    },
  );
  const gzip: HeaderPairs = [
    ["content-encoding", "gzip"],
    ["content-type", "application/json"],
  ];
  s.put(exchange(6, { request: { ...message, headers: [...headers, ...gzip] }, response: { ...message, headers: gzip, reason: "OK" } }), {
    request: gzipSync("{}"),
    elasticsearch: gzipSync('{"zipped":true}'),
  });
  s.put(exchange(9, { status: 0, response: null, error: "connection reset", verdict: "not_compared", note: "connection reset" }));
  s.put(exchange(10, { path: "/_security/user/joe", kind: "admin", endpoint: "user", index: "" }), {
    request: bytes('{"password" : "p\\"w","roles":["a"]}'),
  });
  s.put(exchange(11, { path: "http://joe:pw@es.example/x?a=1&password=pw" }));
  return s;
}

/** Required members of HAR 1.2 and their types; "?" at the end of a name: may be missing. */
const NAME_VALUE = [{ name: "string", value: "string" }] as const;
const MESSAGE = { httpVersion: "string", cookies: NAME_VALUE, headers: NAME_VALUE, headersSize: "number", bodySize: "number" } as const;
const ENTRY = {
  startedDateTime: "date",
  time: "number",
  request: { ...MESSAGE, method: "string", url: "url", queryString: NAME_VALUE, "postData?": { mimeType: "string", text: "string" } },
  response: {
    ...MESSAGE,
    status: "number",
    statusText: "string",
    content: { size: "number", mimeType: "string", "text?": "string", "encoding?": "string" },
    redirectURL: "string",
  },
  cache: {},
  timings: { send: "number", wait: "number", receive: "number" },
  "comment?": "string",
};
const HAR = { log: { version: "string", creator: { name: "string", version: "string" }, entries: [ENTRY] } };

function conform(value: unknown, shape: unknown, at: string): void {
  if (typeof shape === "string") {
    if (shape === "date") assert.match(String(value), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/, at);
    else if (shape === "url") assert.ok(URL.canParse(String(value)), at);
    else assert.equal(typeof value, shape, at);
    if (typeof value === "number") assert.ok(value >= -1, at);
    return;
  }
  if (Array.isArray(shape)) {
    assert.ok(Array.isArray(value), at);
    for (const [i, item] of value.entries()) conform(item, shape[0], `${at}/${i}`);
    return;
  }
  assert.ok(typeof value === "object" && value !== null && typeof shape === "object" && shape !== null, at);
  const members = Object.entries(shape);
  for (const [name, inner] of members) {
    const own = Object.entries(value).find(([key]) => key === name.replace("?", ""))?.[1];
    if (own !== undefined || !name.endsWith("?")) conform(own, inner, `${at}/${name}`);
  }
  const known = members.map(([name]) => name.replace("?", ""));
  assert.deepEqual(
    Object.keys(value).filter((key) => !key.startsWith("_") && !known.includes(key)),
    [],
    at,
  );
}

describe("a HAR", () => {
  test("is what HAR 1.2 asks for, with all that is ours in members that begin with _", async (context) => {
    const har: unknown = JSON.parse(await harOf(filled(context)));
    conform(har, HAR, "");
  });

  test("becomes the same exchanges when it is opened again", async (context) => {
    const s = filled(context);
    const again = await imported(context, await harOf(s, { redact: false }));
    const ids = s.list().exchanges.map(({ id }) => id);
    assert.deepEqual(
      again.list().exchanges.map(({ id }) => id),
      ids,
    );
    for (const id of ids.filter((one) => ![5, 6, 11].includes(one))) assert.deepEqual(again.get(id), s.get(id));
    for (const id of ids) {
      assert.deepEqual(again.rawBody(id, "request"), s.rawBody(id, "request"), `request ${id}`);
      for (const side of ["elasticsearch", "clickhouse"] as const)
        assert.deepEqual(again.body(id, side), s.body(id, side), `${side} ${id}`);
    }
    assert.equal(Buffer.from(again.rawBody(5, "request") ?? []).toString(), NDJSON);
    assert.deepEqual(again.verdicts(), s.verdicts());
  });

  test("holds no secret unless it is asked for", async (context) => {
    const text = await harOf(filled(context));
    for (const secret of ["secret-of-a-client", "joe:pw", "password=pw", 'p\\\\\\"w']) assert.ok(!text.includes(secret), secret);
    assert.match(text, /ApiKey \[redacted\]/);
    assert.match(await harOf(filled(context), { redact: false }), /secret-of-a-client/);
  });

  test("has what a filter lets through, oldest first", async (context) => {
    const compiled = compileFilter("~kind search & !~marked");
    assert.ok(compiled.ok);
    const text = await harOf(filled(context), { filter: compiled.filter });
    const har: { readonly log: { readonly entries: readonly { readonly _parallax: { readonly exchange: { readonly id: number } } }[] } } =
      JSON.parse(text);
    assert.deepEqual(
      har.log.entries.map((entry) => entry._parallax.exchange.id),
      [6, 9, 11],
    );
  });
});

describe("a HAR of another program", () => {
  const entry = {
    startedDateTime: "2026-01-02T03:04:05.678+01:00",
    time: 30,
    request: {
      method: "post",
      url: "https://es.example/logs-*/_search?q=%41%2fb#x",
      httpVersion: "http/2.0",
      headers: [
        { name: ":authority", value: "es.example" },
        { name: "cookie", value: "sid=1" },
        { name: "user-agent", value: "curl" },
      ],
      postData: { mimeType: "application/json", text: '{"a":9007199254740993}' },
    },
    response: {
      status: 200,
      statusText: "OK",
      httpVersion: "http/2.0",
      headers: [{ name: "content-encoding", value: "br" }],
      content: { size: 2, mimeType: "application/json", text: Buffer.from("{}").toString("base64"), encoding: "base64" },
    },
    timings: { blocked: 1, dns: -1, connect: 2, send: 3, wait: 20, receive: 4 },
    _parallax: { format: 1, exchange: { id: "no number" } },
  };

  test("becomes exchanges that were not compared", async (context) => {
    const s = await imported(
      context,
      `\uFEFF${JSON.stringify({ log: { version: "1.1", pages: [{ entries: [1] }], entries: [entry, entry] }, entries: [] })}`,
    );
    assert.deepEqual(
      s
        .list()
        .exchanges.map(({ id, path, index, kind, verdict, time }) => [id, path, index, kind, verdict, time])
        .at(-1),
      [1, "/logs-*/_search?q=%41%2fb", "logs-*", "search", "not_compared", Date.parse("2026-01-02T02:04:05.678Z")],
    );
    const detail = s.get(1);
    assert.deepEqual(detail?.request.headers, [
      ["cookie", "[redacted]"],
      ["user-agent", "curl"],
    ]);
    assert.deepEqual(detail?.timings, { requestSent: 6, firstByte: 26, lastByte: 30 });
    assert.equal(s.body(1, "request").text, '{"a":9007199254740993}');
    assert.equal(s.body(1, "elasticsearch").text, "{}");
  });

  const broken: readonly (readonly [text: string, message: RegExp])[] = [
    ["", /no HAR/],
    ["{}", /no HAR/],
    ['{"log":{"entries":[{"request":', /in the middle/],
    ['{"log":{"entries":[{}]}}', /Entry 1 .*no request/],
    ['{"log":{"entries":[{"request":{"url":"::"}}]}}', /Entry 1 .*no URL/],
    ["}", /never opened/],
  ];
  for (const [text, message] of broken) test(`is refused: ${text}`, async (context) => assert.rejects(imported(context, text), message));

  test("is told from a session file by how it begins", async (context) => {
    const s = filled(context);
    assert.equal(await looksLikeHar(s.file), false);
    assert.equal(await looksLikeHar(`${s.file}.none`), false);
    const file = join(folder(context), "x");
    writeFileSync(file, "\n {");
    assert.equal(await looksLikeHar(file), true);
    assert.ok(readFileSync(file).length > 0);
  });
});

test("entries are found wherever the text is cut", async (context) => {
  const text = Buffer.from(await harOf(filled(context)));
  const whole: { readonly log: { readonly entries: readonly unknown[] } } = JSON.parse(text.toString());
  const random = seededRandom(newSeed());
  for (let round = 0; round < 20; round += 1) {
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < text.length; ) {
        const end = at + 1 + random.below(400);
        yield text.subarray(at, end);
        at = end;
      }
    }
    const found: unknown[] = [];
    for await (const entry of harEntries(pieces())) found.push(JSON.parse(entry));
    assert.deepEqual(found, whole.log.entries, `seed ${random.seed}`);
  }
});
