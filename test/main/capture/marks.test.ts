import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { compileFilter, openSession, type Session } from "../../../src/main/capture/index.ts";
import { exchange, folder, part, session } from "./records.ts";

function ids(s: Session, text: string): readonly number[] {
  const compiled = compileFilter(text);
  assert.ok(compiled.ok);
  return s.list({ filter: compiled.filter }).exchanges.map(({ id }) => id);
}

test("a marker and a comment stay with an exchange that is written again, and pin it", (context) => {
  const s = session(context);
  s.put(exchange(1, { status: 0, response: null }));
  s.put(exchange(2));
  assert.deepEqual(s.mark(1, { marker: "red", comment: "why so slow?" })?.pinned, true);
  s.flush();
  s.put(exchange(1));
  assert.equal(s.get(1)?.status, 200);
  assert.deepEqual([s.summary(1)?.marker, s.summary(1)?.comment, s.summary(1)?.pinned], ["red", "why so slow?", true]);
  s.mark(1, { marker: "" });
  assert.deepEqual([s.summary(1)?.marker, s.summary(1)?.comment], [undefined, "why so slow?"]);
  assert.equal(s.mark(99, { marker: "x" }), null);
});

test("a file of format 1 is read as it is, and brought up when it is written", (context) => {
  const file = join(folder(context), "old.parallax");
  const made = openSession(file);
  made.put(exchange(7, { pinned: true }));
  made.close();
  const db = new DatabaseSync(file);
  db.exec("DROP INDEX exchanges_marked");
  for (const column of ["marker", "comment", "replayed", "source"]) db.exec(`ALTER TABLE exchanges DROP COLUMN ${column}`);
  db.exec("PRAGMA user_version = 1");
  db.close();

  const read = openSession(file, { readOnly: true });
  assert.deepEqual(ids(read, "~marked & !~replay & !~comment ."), [7]);
  assert.equal(read.get(7)?.comment, undefined);
  read.close();

  const written = openSession(file);
  context.after(() => written.close());
  written.mark(7, { comment: "from before" });
  written.put(exchange(8));
  assert.deepEqual(ids(written, "~comment before"), [7]);
  assert.deepEqual(ids(written, "~all"), [8, 7]);
});

test("a file of format 2 is read as it is, and its searches go on to be counted once", (context) => {
  const file = join(folder(context), "old.parallax");
  const searched = (id: number) => exchange(id, { verdict: "equal", searches: [part(0, "equal"), part(1, "different")] });
  const made = openSession(file);
  made.put(searched(7));
  made.close();
  const db = new DatabaseSync(file);
  db.exec(`CREATE TRIGGER parts_added AFTER INSERT ON parts BEGIN
    INSERT INTO shape_verdicts VALUES (new.shape, new.verdict, 1) ON CONFLICT DO UPDATE SET parts = parts + 1;
  END; PRAGMA user_version = 2`);
  db.close();

  const read = openSession(file, { readOnly: true });
  assert.deepEqual([read.verdicts().total, ids(read, "~all")], [2, [7]]);
  read.close();

  const written = openSession(file);
  context.after(() => written.close());
  written.put(searched(8));
  written.put(searched(9));
  assert.equal(written.verdicts().total, 6);
  written.update(8, { searches: [part(0, "failed")] });
  const { total, counts } = written.verdicts();
  assert.deepEqual([total, counts.equal, counts.different, counts.failed], [5, 2, 2, 1]);
});
