// Bodies that take long to pack are packed beside the thread: meanwhile, and afterwards, they are read whole.
import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, test } from "node:test";
import { openSession, type Session } from "../../../src/main/capture/session.ts";
import { until } from "../../support/parallax_process.ts";
import { exchange, folder } from "./records.ts";

const LARGE = Buffer.from(JSON.stringify(Array.from({ length: 120_000 }, (_, at) => ({ number: at, text: `text ${at}` }))));

function wholeOf(session: Session, side: "elasticsearch" | "clickhouse"): Buffer {
  const pieces: string[] = [];
  for (let at: number | null = 0; at !== null; ) {
    const slice = session.body(1, side, at);
    pieces.push(slice.text);
    at = slice.next;
  }
  return Buffer.from(pieces.join(""));
}

function stored(file: string, id: number): { readonly coding: unknown; readonly bytes: number } | null {
  const db = new DatabaseSync(file, { readOnly: true });
  const row = db.prepare("SELECT coding, length(data) AS bytes FROM bodies WHERE id = ?").get(id);
  db.close();
  return row === undefined ? null : { coding: row.coding, bytes: Number(row.bytes) };
}

describe("large bodies of a session", () => {
  test("are read whole before they are written, and after", async (context) => {
    const file = join(folder(context), "s.plxs");
    const session = openSession(file);
    context.after(() => session.close());
    session.put(exchange(1), { elasticsearch: LARGE });
    session.update(1, { note: "compared" }, { clickhouse: LARGE });
    assert.equal(session.summary(1)?.note, "compared");
    for (const side of ["elasticsearch", "clickhouse"] as const) assert.ok(wholeOf(session, side).equals(LARGE), side);
    const row = await until(
      () => stored(file, 4 + 2),
      (found) => found !== null,
    );
    assert.equal(row?.coding, "zstd");
    for (const side of ["elasticsearch", "clickhouse"] as const) {
      await session.prepareBody(1, side);
      assert.ok(wholeOf(session, side).equals(LARGE), side);
      assert.deepEqual(Buffer.from(session.rawBody(1, side) ?? []), LARGE);
    }
  });

  test("are written at the latest when the session is closed", (context) => {
    const file = join(folder(context), "s.plxs");
    const session = openSession(file);
    session.put(exchange(1), { elasticsearch: LARGE });
    session.close();
    const again = openSession(file, { readOnly: true });
    context.after(() => again.close());
    assert.ok(wholeOf(again, "elasticsearch").equals(LARGE));
  });

  test("are gone with what was cleared", async (context) => {
    const file = join(folder(context), "s.plxs");
    const session = openSession(file);
    context.after(() => session.close());
    session.put(exchange(1), { elasticsearch: LARGE });
    session.clear();
    assert.equal(session.rawBody(1, "elasticsearch"), null);
    session.put(exchange(2), { elasticsearch: LARGE });
    await until(
      () => stored(file, 8 + 1),
      (found) => found !== null,
    );
    assert.equal(stored(file, 4 + 1), null);
  });

  test("stay shared where other threads read them", async (context) => {
    const shared = Buffer.from(new SharedArrayBuffer(LARGE.length));
    LARGE.copy(shared);
    const file = join(folder(context), "s.plxs");
    const session = openSession(file);
    context.after(() => session.close());
    session.put(exchange(1), { elasticsearch: shared });
    await until(
      () => stored(file, 4 + 1),
      (found) => found !== null,
    );
    assert.ok(wholeOf(session, "elasticsearch").equals(LARGE));
    const coded = Buffer.from(new SharedArrayBuffer(8192));
    session.put(exchange(2), { elasticsearch: coded });
    assert.deepEqual(Buffer.from(session.rawBody(2, "elasticsearch") ?? []), Buffer.from(coded));
  });
});
