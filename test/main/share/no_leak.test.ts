// Nothing of what is chosen, and nothing of what no file ever holds, is in a file that is handed on.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, type TestContext, test } from "node:test";
import { openSession, type Session } from "../../../src/main/capture/index.ts";
import { writeShared } from "../../../src/main/share/write_shared.ts";
import type { RedactionChoices, ShareFormat } from "../../../src/shared/share.ts";
import { folder } from "../capture/records.ts";
import { CHOICES, MARKER, plantedExchanges, plantedMarkers } from "./planted.ts";

const PLANTED = plantedExchanges();

/** A file of the planted exchanges; its place. */
async function shared(context: TestContext, format: ShareFormat, redact: RedactionChoices | null): Promise<string> {
  const at = folder(context);
  const source = openSession(join(at, "source.parallax"));
  context.after(() => source.close());
  for (const { detail, bodies } of PLANTED) source.put(detail, bodies);
  mkdirSync(join(at, "page"));
  writeFileSync(
    join(at, "page", "shared.html"),
    '<html><head><!--policy--></head><body><!--data--><script type="module">1</script></body></html>',
  );
  const file = join(at, `out.${format}`);
  const ids = PLANTED.map(({ detail }) => detail.id);
  await writeShared({ source, ids, format, redact, file, each: () => undefined, page: join(at, "page"), version: "1", title: "planted" });
  return file;
}

/** Markers in any text of a session, packed or not. */
function textOf(session: Session): string {
  const texts: string[] = [];
  for (const { detail } of PLANTED) {
    texts.push(JSON.stringify(session.get(detail.id)));
    for (const side of ["request", "elasticsearch", "clickhouse"] as const) {
      texts.push(Buffer.from(session.decodedBody(detail.id, side) ?? new Uint8Array()).toString("utf8"));
    }
  }
  return texts.join("\n");
}

describe("what is handed on", () => {
  before(() => assert.ok(plantedMarkers().length >= 40, `${plantedMarkers().length} markers are planted`));

  for (const format of ["html", "har", "session"] as const) {
    test(`holds none of the markers as ${format}`, async (context) => {
      const file = await shared(context, format, CHOICES);
      const bytes = readFileSync(file).toString("latin1");
      const found = (text: string) => [...text.matchAll(new RegExp(`.{0,60}${MARKER}.{0,20}`, "g"))].map(([place]) => place);
      assert.deepEqual(found(bytes), []);
      if (format !== "session") return;
      const session = openSession(file, { readOnly: true });
      context.after(() => session.close());
      assert.deepEqual(found(textOf(session)), []);
    });
  }

  test("keeps every other character: numbers, order, NDJSON, what was not chosen", async (context) => {
    const session = openSession(await shared(context, "session", CHOICES), { readOnly: true });
    context.after(() => session.close());
    const body = (id: number, side: "request" | "elasticsearch") => Buffer.from(session.decodedBody(id, side) ?? []).toString("utf8");
    const answer = body(1, "elasticsearch");
    assert.match(answer, /"bytes":9007199254740993,"price":1\.10,"email":"\[redacted\]","user":\{"name":"\[redacted\]"\},"note":"kept"/);
    assert.match(answer, /"key":"\[redacted\]","doc_count":3,"3":\{"value":5\.0\}\},\{"key":"\[redacted\] 2"/);
    assert.equal(body(3, "request").split("\n").length, 5, "lines stay lines");
    assert.match(body(3, "request"), /^\{"index":\{"_id":"1"\}\}\n\{"email":"\[redacted\]","n":1\.10,/);
    assert.match(body(4, "elasticsearch"), /"values":\[\[1,"\[redacted\]"\],\[9007199254740993,"\[redacted\]"\]\]/);
    const detail = session.get(1);
    const [part] = detail?.searches ?? [];
    assert.deepEqual(
      part?.statements[0]?.params.map(({ value }) => value),
      ["[redacted]", "[redacted]", "4711"],
    );
    assert.equal(part?.comparison.differences[0]?.path, "/aggregations/2/buckets/[key=[redacted]]/doc_count");
    assert.equal(part?.comparison.differences[0]?.elasticsearch, "3");
    assert.equal(part?.comparison.differences[3]?.elasticsearch, "9007199254740993");
    assert.ok(
      detail?.request.headers.every(([name]) => name !== "Content-Encoding"),
      "the body is no longer packed, and no header says so",
    );
  });

  test("leaves bodies as they were sent to the byte where nothing is chosen of them", async (context) => {
    const session = openSession(await shared(context, "session", {}), { readOnly: true });
    context.after(() => session.close());
    const [first] = PLANTED;
    assert.deepEqual(Buffer.from(session.rawBody(1, "request") ?? []), Buffer.from(first?.bodies.request ?? []));
    assert.deepEqual(Buffer.from(session.rawBody(1, "elasticsearch") ?? []), Buffer.from(first?.bodies.elasticsearch ?? []));
  });

  test("leaves a body out that can't be read where a field is chosen", async (context) => {
    const at = folder(context);
    const source = openSession(join(at, "s.parallax"));
    context.after(() => source.close());
    const [planted] = PLANTED;
    assert.ok(planted !== undefined);
    source.put(
      { ...planted.detail, searches: [] },
      { request: Buffer.from('{"email":"cut'), elasticsearch: Buffer.from([0xff, 0x00, 0xfe]) },
    );
    const file = join(at, "out.parallax");
    await writeShared({
      source,
      ids: [1],
      format: "session",
      redact: { fields: ["email"] },
      file,
      each: () => undefined,
      page: at,
      version: "1",
      title: "",
    });
    const session = openSession(file, { readOnly: true });
    context.after(() => session.close());
    assert.equal(Buffer.from(session.decodedBody(1, "request") ?? new Uint8Array()).toString(), '"[redacted]"');
    assert.equal(Buffer.from(session.decodedBody(1, "elasticsearch") ?? new Uint8Array()).toString(), '"[redacted]"');
  });
});
