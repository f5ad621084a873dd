import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dueAfter, dueBetween, endOf, type Times, timesOf } from "../../../../src/main/pipes/schedule/times.ts";
import type { Schedule } from "../../../../src/shared/schedule.ts";

// Its clocks went forward on 2026-03-29 at 02:00 and back on 2026-10-25 at 03:00.
process.env.TZ = "Europe/Berlin";

function at(local: string): number {
  return new Date(local).getTime();
}

function times(schedule: Schedule): Times {
  const read = timesOf(schedule);
  if (typeof read === "string") throw new Error(read);
  return read;
}

/** Local times, so many of them, that are due after `after`. */
function due(schedule: Schedule, after: string, count: number): readonly string[] {
  const found: string[] = [];
  for (let time = at(after); found.length < count; ) {
    time = dueAfter(times(schedule), at(after), time);
    found.push(local(time));
  }
  return found;
}

function local(time: number): string {
  const date = new Date(time);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

describe("a schedule's times", () => {
  test("come every so often, counted from where it was made", () => {
    assert.deepEqual(due({ every: "6h" }, "2026-05-01T10:20", 3), ["05-01 16:20", "05-01 22:20", "05-02 04:20"]);
    assert.deepEqual(due({ every: "2d" }, "2026-05-01T10:20", 2), ["05-03 10:20", "05-05 10:20"]);
  });

  test("come once a day", () => {
    assert.deepEqual(due({ at: "02:30" }, "2026-05-01T10:20", 2), ["05-02 02:30", "05-03 02:30"]);
    assert.deepEqual(due({ at: "10:21" }, "2026-05-01T10:20", 2), ["05-01 10:21", "05-02 10:21"]);
  });

  test("come within a window of the day, that of the night too", () => {
    assert.deepEqual(due({ every: "90m", from: "09:00", to: "12:00" }, "2026-05-01T09:30", 4), [
      "05-01 10:30",
      "05-02 09:00",
      "05-02 10:30",
      "05-03 09:00",
    ]);
    assert.deepEqual(due({ every: "3h", from: "22:00", to: "06:00" }, "2026-05-01T00:30", 4), [
      "05-01 01:00",
      "05-01 04:00",
      "05-01 22:00",
      "05-02 01:00",
    ]);
    assert.deepEqual(due({ from: "22:00", to: "06:00" }, "2026-05-01T23:00", 2), ["05-02 22:00", "05-03 22:00"]);
  });

  test("come once on days on which the clocks change, and later where the day leaves them out", () => {
    assert.deepEqual(due({ at: "02:30" }, "2026-03-28T12:00", 2), ["03-29 03:30", "03-30 02:30"]);
    assert.deepEqual(due({ at: "02:30" }, "2026-10-24T12:00", 2), ["10-25 02:30", "10-26 02:30"]);
    const back = dueBetween(times({ at: "02:30" }), 0, at("2026-10-24T12:00"), at("2026-10-26T01:00"));
    assert.equal(back.count, 1);
    assert.equal(at("2026-10-26T00:00") - at("2026-10-25T00:00"), 25 * 3_600_000);
  });

  test("are counted, and the last of them is told", () => {
    const every = times({ every: "1h" });
    const made = at("2026-05-01T10:00");
    assert.deepEqual(dueBetween(every, made, made, made), { count: 0, last: 0 });
    assert.deepEqual(dueBetween(every, made, made, at("2026-05-01T10:59")), { count: 0, last: 0 });
    assert.deepEqual(dueBetween(every, made, made, at("2026-05-01T11:00")), { count: 1, last: at("2026-05-01T11:00") });
    assert.deepEqual(dueBetween(every, made, at("2026-05-01T11:00"), at("2026-05-03T11:30")), {
      count: 48,
      last: at("2026-05-03T11:00"),
    });
    const nightly = times({ every: "3h", from: "22:00", to: "06:00" });
    assert.deepEqual(dueBetween(nightly, 0, at("2026-05-01T22:00"), at("2026-05-03T23:00")), { count: 6, last: at("2026-05-03T22:00") });
    assert.deepEqual(dueBetween(nightly, 0, at("2026-05-01T06:00"), at("2026-05-01T21:59")), { count: 0, last: 0 });
  });

  test("agree with each other: what is due next is the first that is counted", () => {
    const schedules: readonly Schedule[] = [
      { every: "7m" },
      { at: "02:30" },
      { at: "00:00" },
      { from: "23:50", to: "00:10" },
      { every: "50m", from: "01:10", to: "04:00" },
      { every: "25m", from: "22:15", to: "03:05" },
    ];
    for (const schedule of schedules) {
      const read = times(schedule);
      for (const start of ["2026-03-28T20:00", "2026-10-24T20:00", "2026-12-31T20:00"].map(at)) {
        let before = start;
        for (let run = 1; run <= 60; run += 1) {
          const next = dueAfter(read, start, before);
          assert.ok(next > before, JSON.stringify(schedule));
          assert.deepEqual(dueBetween(read, start, before, next), { count: 1, last: next }, `${JSON.stringify(schedule)} ${local(next)}`);
          assert.equal(dueBetween(read, start, before, next - 1).count, 0);
          assert.deepEqual(dueBetween(read, start, start, next), { count: run, last: next });
          before = next;
        }
      }
    }
  });

  test("end a run after its time, and where the window does", () => {
    const began = at("2026-05-01T22:00") + 500;
    assert.equal(endOf(times({ every: "6h" }), began, began), null);
    assert.equal(endOf(times({ every: "6h", for: "10m" }), began, began), began + 600_000);
    assert.equal(endOf(times({ at: "22:00" }), at("2026-05-01T22:00"), began), null);
    assert.equal(endOf(times({ from: "22:00", to: "06:00" }), at("2026-05-01T22:00"), began), at("2026-05-02T06:00"));
    const nightly = times({ every: "1h", from: "22:00", to: "06:00", for: "2h" });
    assert.equal(endOf(nightly, at("2026-05-02T05:00"), at("2026-05-02T05:00")), at("2026-05-02T06:00"));
    assert.equal(endOf(nightly, at("2026-05-01T23:00"), at("2026-05-01T23:00")), at("2026-05-02T01:00"));
  });

  test("say which of them can't be read, and what goes with what", () => {
    const wrong: readonly (readonly [Schedule, RegExp])[] = [
      [{}, /Say when/],
      [{ for: "10m" }, /Say when/],
      [{ every: "0m" }, /"every" is "0m"; it must be minutes, hours or days/],
      [{ every: "6" }, /"every" is "6"/],
      [{ every: "10s" }, /"every" is "10s"/],
      [{ every: "400d" }, /a year at most/],
      [{ every: "1h", for: "soon" }, /"for" is "soon"/],
      [{ at: "24:00" }, /"at" is "24:00"; it must be a time of the day/],
      [{ at: "2:5" }, /"at" is "2:5"/],
      [{ every: "1h", from: "22:00" }, /"from" and "to" go together/],
      [{ from: "22:00", to: "22:00" }, /the same time/],
      [{ at: "02:30", every: "1h" }, /"at" is once a day/],
      [{ at: "02:30", from: "01:00", to: "02:00" }, /"at" is once a day/],
    ];
    for (const [schedule, message] of wrong) assert.match(String(timesOf(schedule)), message);
    assert.equal(typeof timesOf({ at: "2:05" }), "object");
  });
});
