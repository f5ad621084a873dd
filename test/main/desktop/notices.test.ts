import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Notice, Notices } from "../../../src/main/desktop/notices.ts";
import { EXCHANGE, statusOf } from "../../support/fake_app.ts";

function watched() {
  const told: Notice[] = [];
  const clock = { now: 0 };
  const notices = new Notices(
    (notice) => told.push(notice),
    () => clock.now,
  );
  return { told, clock, notices };
}

const away = (message = "It is away.") => statusOf({ elasticsearch: { ...statusOf().elasticsearch, status: "away", message } });

describe("notifications", () => {
  test("tell the first mismatch of a shape, once, and where it is", () => {
    const { told, notices } = watched();
    notices.exchanges([EXCHANGE, { ...EXCHANGE, id: 2 }, { ...EXCHANGE, id: 3, shape: "b", verdict: "equal" }], statusOf());
    notices.exchanges([{ ...EXCHANGE, id: 4 }], statusOf());
    assert.deepEqual(told, [{ title: "A search differs", body: "POST /logs/_search: hits.total", place: "#/exchange/1" }]);
  });

  test("tell nothing of an opened file, and begin anew with another session", () => {
    const { told, notices } = watched();
    const { session } = statusOf();
    notices.exchanges([EXCHANGE], statusOf({ session: { ...session, readOnly: true } }));
    assert.equal(told.length, 0);
    notices.exchanges([EXCHANGE], statusOf());
    notices.exchanges([EXCHANGE], statusOf({ session: { ...session, file: "/other.parallax" } }));
    assert.equal(told.length, 2);
  });

  test("tell nothing of a shape that differed before this start, in the same session", () => {
    const { told, notices } = watched();
    notices.knows(statusOf().session.file, ["a"]);
    notices.exchanges([EXCHANGE, { ...EXCHANGE, id: 2, shape: "b" }], statusOf());
    assert.deepEqual(
      told.map(({ place }) => place),
      ["#/exchange/2"],
    );
  });

  test("tell a backend that is lost, not one that never answered, and one that flaps once in ten minutes", () => {
    const { told, clock, notices } = watched();
    notices.status(away());
    assert.equal(told.length, 0);
    for (let time = 0; time < 600_000; time += 100_000) {
      clock.now = time;
      notices.status(statusOf());
      notices.status(away());
      notices.status(away("It is still away."));
    }
    assert.deepEqual(
      told.map(({ title, body }) => [title, body]),
      [["Elasticsearch does not answer any more", "It is away."]],
    );
    clock.now = 700_000;
    notices.status(statusOf());
    notices.status(away());
    assert.equal(told.length, 2);
  });

  test("tell each bound of the disk once", () => {
    const { told, notices } = watched();
    const full = statusOf({
      capture: { exchanges: 1, missed: 0, forgotten: 3, bytes: 1 },
      journal: { writes: 1, bytes: 1, problem: "Full." },
    });
    for (const status of [full, statusOf(), full]) notices.status(status);
    assert.deepEqual(
      told.map(({ body }) => body.slice(0, 5)),
      ["Full.", "The s"],
    );
  });

  test("are few, whatever happens", () => {
    const { told, clock, notices } = watched();
    for (let id = 0; id < 1000; id += 1) notices.exchanges([{ ...EXCHANGE, id, shape: `shape ${id}` }], statusOf());
    assert.equal(told.length, 4);
    clock.now = 60_000;
    notices.exchanges([{ ...EXCHANGE, shape: "another" }], statusOf());
    assert.equal(told.length, 5);
  });
});
