// Messages that were changed on their way: both bodies are kept, and files from before there were two still open.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import { importHar } from "../../../src/main/capture/har/import.ts";
import { writeHar } from "../../../src/main/capture/har/write.ts";
import { openSession, type Session } from "../../../src/main/capture/index.ts";
import { recordAltered } from "../../../src/main/exchange/altered.ts";
import type { TappedExchange } from "../../../src/main/proxy/tap.ts";
import type { HeaderPairs } from "../../../src/shared/exchange.ts";
import { bytes, exchange, folder, session } from "./records.ts";

const GZIP: HeaderPairs = [["Content-Encoding", "gzip"]];
const SECRET: HeaderPairs = [["Authorization", "ApiKey c2VjcmV0LW9mLWEtY2xpZW50"]];

function tapped(asked: string, answered: string): TappedExchange {
  const message = { version: "1.1", headers: [], truncated: false } as const;
  const [request, response] = [bytes(asked), bytes(answered)];
  return {
    id: 1,
    time: 0,
    request: { ...message, method: "POST", target: "/a", body: request, bodyBytes: request.byteLength },
    response: { ...message, status: 200, reason: "OK", body: response, bodyBytes: response.byteLength },
    phases: {},
    error: "",
  };
}

/** The session with an exchange that a script changed on both sides. */
function changed(s: Session): Session {
  const went = { method: "PUT", target: "/b?token=hush", headers: [...GZIP, ...SECRET], body: gzipSync('{"went":"on"}') };
  const came = { status: 201, reason: "", headers: [], body: bytes('{"came":true}') };
  const altered = { changes: [{ by: "script", did: "changed the body" }], by: "elasticsearch", backend: null } as const;
  const kept = recordAltered(exchange(1), tapped('{"asked":1}', '{"got":1}'), { ...altered, sent: went, answered: came });
  s.put(kept.record, { request: bytes('{"asked":1}'), elasticsearch: bytes('{"got":1}'), ...kept.bodies });
  s.flush();
  return s;
}

const bodiesOf = (s: Session, id = 1): readonly string[] =>
  (["request", "sent", "given", "elasticsearch"] as const).map((side) => s.body(id, side).text);
const ALL = ['{"asked":1}', '{"went":"on"}', '{"came":true}', '{"got":1}'];

test("both bodies of a changed message are kept, with their content coding undone", (context) => {
  const s = changed(session(context));
  assert.deepEqual(bodiesOf(s), ALL);
  const { request, response } = s.get(1) ?? exchange(0);
  assert.deepEqual([request.sent?.body, response?.given?.body], ["kept", "kept"]);
  assert.ok(!JSON.stringify(request).includes("c2VjcmV0"));
});

test("a body that was left as it is is kept once", (context) => {
  const s = session(context);
  const went = { method: "POST", target: "/b", headers: [], body: bytes("same") };
  const altered = { changes: [], by: "elasticsearch", backend: null, sent: went, answered: null } as const;
  const { record, bodies } = recordAltered(exchange(1), tapped("same", "x"), altered);
  assert.deepEqual([record.request.sent?.body, bodies], ["same", {}]);
  s.put(record, { request: bytes("same"), ...bodies });
  assert.deepEqual(bodiesOf(s), ["same", "", "", ""]);
});

test("they go with their exchange when the file is full", (context) => {
  const s = changed(session(context, { capBytes: 300_000 }));
  for (let id = 2; s.summary(1) !== null && id < 500; id += 1) {
    s.put(exchange(id), { request: Buffer.alloc(20_000, randomBlock(id)) });
    s.flush();
  }
  assert.equal(s.summary(1), null);
  assert.deepEqual(bodiesOf(s), ["", "", "", ""]);
});

/** Text that packs badly. */
function randomBlock(seed: number): string {
  return Array.from({ length: 997 }, (_, i) => String.fromCharCode(33 + ((seed * 7919 + i * i * 31 + i) % 90))).join("");
}

test("a HAR carries them, without secrets, and gives them back", async (context) => {
  let har = "";
  for await (const piece of writeHar(changed(session(context)), { version: "1" })) har += piece;
  assert.ok(!/c2VjcmV0|hush/.test(har));
  assert.deepEqual(JSON.parse(har).log.entries[0]._parallax.given, { text: '{"came":true}' });
  assert.deepEqual(bodiesOf(await imported(context, har)), ALL);
});

test("what a HAR says of a changed message is looked at before it is believed", async (context) => {
  let har = "";
  for await (const piece of writeHar(changed(session(context)), { version: "1" })) har += piece;
  const broken = JSON.parse(har);
  broken.log.entries[0]._parallax.exchange.request.sent.headers = [["one"]];
  assert.equal((await imported(context, JSON.stringify(broken))).get(1)?.request.sent, undefined);
});

async function imported(context: TestContext, har: string): Promise<Session> {
  const path = folder(context);
  writeFileSync(join(path, "x.har"), har);
  await importHar(join(path, "x.har"), join(path, "x.parallax"));
  const opened = openSession(join(path, "x.parallax"), { readOnly: true });
  context.after(() => opened.close());
  return opened;
}

test("a file of format 3 is read as it is, and keeps both from when it is written", (context) => {
  const file = join(folder(context), "old.parallax");
  const made = openSession(file);
  made.put(exchange(7), { request: bytes("{}") });
  made.close();
  const db = new DatabaseSync(file);
  db.exec("DROP TABLE other_bodies; PRAGMA user_version = 3");
  db.close();

  const read = openSession(file, { readOnly: true });
  assert.deepEqual(bodiesOf(read, 7), ["{}", "", "", ""]);
  read.close();

  const written = openSession(file);
  context.after(() => written.close());
  assert.deepEqual(bodiesOf(changed(written)), ALL);
});
