// `/debug/pprof/` over HTTP: what it lists, what it refuses, and what a client that hangs up ends.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Interface, startInterface } from "../../../src/main/contract/http_server.ts";
import type { ProfileMaker } from "../../../src/main/contract/pprof.ts";
import { HeapSampling } from "../../../src/main/profile/heap_sampling.ts";
import { ProfilerRefusal } from "../../../src/main/profile/refusal.ts";
import { fakeInterface } from "../../support/fake_interface.ts";
import { until } from "../../support/parallax_process.ts";

/** Makes one profile at a time, and says which. */
class OneAtATime implements ProfileMaker {
  heap: HeapSampling | null = null;
  #title = "";

  get activity(): ProfileMaker["activity"] {
    const recording = this.#title === "" ? null : { kind: "cpu" as const, title: this.#title, since: "now", until: null };
    return { recording, runs: [] };
  }

  alone: ProfileMaker["alone"] = async ({ title }, work) => {
    if (this.#title !== "") throw new ProfilerRefusal("busy", `${this.#title} is being made.`);
    this.#title = title;
    try {
      return await work();
    } finally {
      this.#title = "";
    }
  };
}

const profiler = new OneAtATime();
let server: Interface;

before(async () => {
  profiler.heap = await HeapSampling.start();
  server = await startInterface({ ...fakeInterface(), profiler });
});
after(async () => {
  profiler.heap?.stop();
  await server.stop();
});

async function ask(path: string, method = "GET"): Promise<{ readonly status: number; readonly headers: Headers; readonly text: string }> {
  const answer = await fetch(server.url + path, { method, redirect: "manual" });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

/** Asks for a long profile and hangs up once `during` is over. */
async function whileRecording(path: string, during: () => Promise<void>): Promise<void> {
  const gone = new AbortController();
  const answer = fetch(server.url + path, { signal: gone.signal }).catch(() => null);
  await until(
    () => profiler.activity.recording,
    (recording) => recording !== null,
  );
  await during();
  gone.abort();
  assert.equal(await answer, null);
  const recording = await until(
    () => profiler.activity.recording,
    (now) => now === null,
  );
  assert.equal(recording, null, "the recording ended with its client");
}

test("lists the profiles, the threads and what is being recorded", async () => {
  const { status, headers, text } = await ask("/debug/pprof/");
  assert.equal(status, 200);
  assert.match(headers.get("content-type") ?? "", /^text\/html/);
  for (const link of ["profile?seconds=30", "heap", "allocs?seconds=10", "/api/status/stacktrace"])
    assert.ok(text.includes(`href="${link}"`), link);
  assert.match(text, /threads: main[,.]/);
  assert.match(text, /Nothing is being recorded/);
  assert.equal((await ask("/debug/pprof")).headers.get("location"), "/debug/pprof/");
  assert.equal((await ask("/debug/pprof/goroutine")).headers.get("location"), "/api/status/stacktrace");
});

test("refuses a second profile while one is made, and ends the first when its client hangs up", async () => {
  await whileRecording("/debug/pprof/profile?seconds=600", async () => {
    const second = await ask("/debug/pprof/profile?seconds=1");
    assert.equal(second.status, 409);
    assert.match(second.text, /\/debug\/pprof\/profile, 600 s is being made/);
    assert.match((await ask("/debug/pprof/")).text, /\/debug\/pprof\/profile, 600 s/);
    assert.equal((await ask("/debug/pprof/heap")).status, 200, "what is alive is known meanwhile");
  });
  await whileRecording("/debug/pprof/allocs?seconds=600", async () => {
    assert.equal((await ask("/debug/pprof/allocs?seconds=1")).status, 409);
  });
  assert.equal((await ask("/debug/pprof/heap?gc=1")).status, 200);
});

test("says what is wrong with what it is asked", async () => {
  for (const seconds of ["0", "601", "-1", "1.5", "abc", ""]) {
    const { status, text } = await ask(`/debug/pprof/profile?seconds=${seconds}`);
    assert.equal(status, 400, `seconds=${seconds}`);
    assert.match(text, /whole number from 1 to 600/);
  }
  const format = await ask("/debug/pprof/profile?seconds=1&format=svg");
  assert.deepEqual([format.status, /calltree, pstats, cpuprofile, pprof/.test(format.text)], [400, true]);
  assert.equal((await ask("/debug/pprof/mutex")).status, 404);
  assert.equal((await ask("/debug/pprof/heap", "POST")).status, 405);
});

test("answers a look at the headers at once", async () => {
  const { status, headers } = await ask("/debug/pprof/profile", "HEAD");
  assert.deepEqual([status, headers.get("content-type")], [200, "application/octet-stream"]);
});

test("sends a profile as a file of any format", async () => {
  const { status, headers, text } = await ask("/debug/pprof/profile?seconds=1&format=cpuprofile");
  assert.equal(status, 200, text);
  assert.equal(headers.get("content-disposition"), 'attachment; filename="profile.cpuprofile"');
  assert.ok(Array.isArray(JSON.parse(text).samples));
});
