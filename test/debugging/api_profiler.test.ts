// Profiles of calls and of runs as the manual has them: the header with curl, on the interface and through the proxy; every call; a pumped run.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { readCpuprofile } from "../../src/main/profile/formats/cpuprofile.ts";
import type { ExchangePage } from "../../src/shared/contract.ts";
import type { ExchangeDetail, ExchangeSummary } from "../../src/shared/exchange.ts";
import type { ThreadProfile } from "../../src/shared/profile.ts";
import type { ProfileInfo, ProfilerState } from "../../src/shared/profiles.ts";
import { type ParallaxProcess, startParallax, until } from "../support/parallax_process.ts";
import { GO, installed, missing, printed } from "../support/tool.ts";

const LIMIT_MS = 120_000;
const CURL = installed("curl");
const ANNOTATE = installed("callgrind_annotate");
const PYTHON = installed("python3");

let parallax: ParallaxProcess;
let folder = "";
let logs = "";

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "parallax-api-profiler-"));
  parallax = await startParallax(["--sample", "--no-autorun", "--enable-api-profiler"]);
  logs = join(parallax.data, "logs");
});
after(async () => {
  await parallax.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Asks for a call's profile; another recording may be under way only by mistake. */
const profileOf = (url: string, format: string, init: RequestInit = {}): Promise<Response> =>
  fetch(url, { ...init, headers: { "PARALLAX-API-PROFILER": format, ...init.headers } });

const pump = (pipe: string, form: string): Promise<Response> =>
  fetch(`${parallax.interfaceUrl}/api/pipes/${pipe}/pump`, { method: "POST", body: new URLSearchParams(form) });

/** `curl -O -J` into a folder of its own; the file that it saved. */
async function curl(url: string, format: string): Promise<string> {
  const into = mkdtempSync(join(folder, "curl-"));
  await promisify(execFile)("curl", ["-s", "-v", "-O", "-J", "-H", `PARALLAX-API-PROFILER:${format}`, url], { cwd: into });
  const [file = "", ...others] = readdirSync(into);
  assert.deepEqual(others, []);
  return join(into, file);
}

/** Functions of the project's own files that samples found, or that called those. */
const ours = (threads: readonly ThreadProfile[], thread: string): readonly string[] =>
  (threads.find((one) => one.thread === thread)?.profile.nodes ?? [])
    .map(({ callFrame }) => callFrame.url)
    .filter((url) => url.startsWith("src/main/"));

/** A search that was played, once there is one. */
async function playedSearch(): Promise<{ readonly summary: ExchangeSummary; readonly body: string }> {
  const found = async (): Promise<ExchangeSummary | undefined> => {
    const { exchanges } = await parallax.ask<ExchangePage>("/api/exchanges?limit=100");
    return exchanges.find(({ endpoint, verdict, status }) => endpoint === "_search" && verdict !== null && status === 200);
  };
  const summary = (await until(found, (one) => one !== undefined, LIMIT_MS)) ?? assert.fail("no search was played");
  return { summary, body: await (await fetch(`${parallax.interfaceUrl}/api/exchanges/${summary.id}/request`)).text() };
}

describe("the header with curl", { skip: missing(CURL, "curl") }, () => {
  // On a busy machine the sampling of a millisecond may come too late: then once more.
  const naming = (read: () => Promise<string>, functions: RegExp): Promise<string> => until(read, (text) => functions.test(text), LIMIT_MS);

  test("calltree saves a file that callgrind_annotate reads", { skip: missing(ANNOTATE, "callgrind_annotate") }, async () => {
    const read = async (): Promise<string> => {
      const file = await curl(`${parallax.interfaceUrl}/api/pipes`, "calltree");
      assert.match(file, /\/\d{8}T\d{9}Z-GET-api~pipes\.calltree$/);
      return printed(ANNOTATE, ["--auto=no", "--threshold=100", file]);
    };
    assert.match(await naming(read, /src\/main\/contract\/\w+\.ts:/), /src\/main\/contract\/\w+\.ts:/);
  });

  test("pstats saves a file that Python's pstats reads", { skip: missing(PYTHON, "python3") }, async () => {
    const read = async (): Promise<string> => {
      const file = await curl(`${parallax.interfaceUrl}/api/pipes`, "pstats");
      assert.match(file, /-GET-api~pipes\.pstats$/);
      return printed(PYTHON, ["-c", "import pstats, sys; pstats.Stats(sys.argv[1]).sort_stats('cumtime').print_stats()", file]);
    };
    assert.match(await naming(read, /src\/main\/contract\/\w+\.ts:\d+/), /src\/main\/contract\/\w+\.ts:\d+/);
  });

  test("pprof saves a file that go tool pprof reads", { skip: missing(GO, "Go") }, async () => {
    const file = await curl(`${parallax.interfaceUrl}/api/status`, "PPROF");
    assert.match(file, /-GET-api~status\.pb\.gz$/);
    assert.match(await printed(GO, ["tool", "pprof", "-top", "-nodefraction=0", file]), /Type: cpu/);
  });
});

test("a call that fails has its profile, and a wrong value is refused", async () => {
  const missed = await profileOf(`${parallax.interfaceUrl}/api/exchanges/999999`, "cpuprofile");
  assert.deepEqual([missed.status, missed.headers.get("x-parallax-status")], [200, "404"]);
  assert.equal(readCpuprofile(await missed.text())[0]?.thread, "main");
  for (const url of [`${parallax.interfaceUrl}/api/pipes`, `${parallax.proxyUrl}/_search`]) {
    const refused = await profileOf(url, "flamegraph");
    assert.equal(refused.status, 400);
    assert.match(await refused.text(), /calltree, pstats, cpuprofile, pprof/);
  }
});

test("a second recording at one time is refused, and the first one can be stopped and is kept", async () => {
  const recording = fetch(`${parallax.interfaceUrl}/api/profiles`, { method: "POST", body: JSON.stringify({ kind: "cpu", seconds: 600 }) });
  await until(
    () => parallax.ask<ProfilerState>("/api/profiler"),
    (state) => state.recording !== null,
    LIMIT_MS,
  );
  assert.equal((await profileOf(`${parallax.interfaceUrl}/api/pipes`, "pprof")).status, 409);
  const proxied = await profileOf(`${parallax.proxyUrl}/`, "pprof");
  assert.deepEqual([proxied.status, JSON.parse(await proxied.text()).status], [409, 409]);
  const stopped: ProfileInfo = await parallax.call("profile.stop");
  const recorded: ProfileInfo = JSON.parse(await (await recording).text());
  assert.deepEqual([stopped.id, stopped.origin], [recorded.id, "cpu"]);
  assert.ok(existsSync(join(logs, "profiles", `${recorded.id}.cpuprofile`)));
  const heap: ProfileInfo = await parallax.call("profile.record", { kind: "heap", seconds: 0 });
  assert.equal((await fetch(`${parallax.interfaceUrl}/api/profiles/${heap.id}?format=pprof`)).status, 200);
});

describe("a pumped run", () => {
  test("is profiled from its start to its stop, and a search that goes through the proxy meanwhile has a profile of its own", async () => {
    assert.equal((await pump("foo", "profiler=true&operation=start")).status, 404);
    assert.equal((await pump("replay", "profiler=true&operation=stop")).status, 409);
    assert.equal((await pump("replay", "profiler=true&operation=start")).status, 200);
    assert.equal((await pump("replay", "profiler=true&operation=start")).status, 409);
    const { summary, body } = await playedSearch();

    const search = async () => {
      const answer = await profileOf(parallax.proxyUrl + summary.path, "cpuprofile", {
        method: summary.method,
        headers: { "content-type": "application/json" },
        ...(summary.method === "POST" ? { body } : {}),
      });
      assert.equal(answer.headers.get("x-parallax-status"), "200");
      return { answer, threads: readCpuprofile(await answer.text()) };
    };
    // On a busy machine no sample may fall into the moment of the proxy's thread: then once more.
    const { answer, threads } = await until(search, (found) => ours(found.threads, "proxy").length > 0, LIMIT_MS);
    const exchange = Number(answer.headers.get("x-parallax-exchange"));
    assert.match(answer.headers.get("content-disposition") ?? "", new RegExp(`-exchange${exchange}\\.cpuprofile"$`));
    assert.ok(ours(threads, "main").length > 0);
    assert.ok(ours(threads, "proxy").some((url) => url.startsWith("src/main/proxy/")));
    const captured = await parallax.ask<ExchangeDetail>(`/api/exchanges/${exchange}`);
    assert.deepEqual([captured.path, captured.status], [summary.path, 200]);

    // It may have ended by itself.
    await pump("replay", "operation=stop");
    const written = (): readonly string[] => readdirSync(logs).filter((name) => name.startsWith("replay-"));
    const names = await until(written, (found) => found.length === 3, LIMIT_MS);
    assert.deepEqual(names.map((name) => name.replace(/^replay-\d{8}T\d{9}Z/, "")).toSorted(), [".calltree", ".cpuprofile", ".pstat"]);
    const [calltree = "", cpuprofile = "", pstat = ""] = names.toSorted().map((name) => join(logs, name));
    assert.ok(ours(readCpuprofile(readFileSync(cpuprofile, "utf8")), "main").length > 0);
    if (ANNOTATE !== undefined) assert.match(await printed(ANNOTATE, ["--auto=no", calltree]), /src\/main\//);
    if (PYTHON !== undefined)
      assert.match(await printed(PYTHON, ["-c", "import pstats, sys; pstats.Stats(sys.argv[1]).print_stats()", pstat]), /src\/main\//);
  });
});

test("every call has its file, which is listed, converted and removed", async () => {
  const listed = (): Promise<readonly ProfileInfo[]> => parallax.ask("/api/profiles");
  const calls = await until(
    async () => (await listed()).filter(({ origin }) => origin === "call"),
    (found) => found.some(({ exchange }) => exchange !== null) && found.some(({ title }) => title === "GET /api/exchanges"),
    LIMIT_MS,
  );
  const search = calls.find(({ exchange }) => exchange !== null) ?? assert.fail("no exchange has a profile");
  assert.ok(existsSync(join(logs, "api_profiler", `${search.id}.cpuprofile`)));
  for (const format of search.formats) {
    const answer = await fetch(`${parallax.interfaceUrl}/api/profiles/${encodeURIComponent(search.id)}?format=${format}`);
    assert.equal(answer.status, 200, format);
    assert.ok((await answer.arrayBuffer()).byteLength > 0);
  }
  const wrong = await fetch(`${parallax.interfaceUrl}/api/profiles/${encodeURIComponent(search.id)}?format=heapprofile`);
  assert.deepEqual([wrong.status, JSON.parse(await wrong.text()).error.code], [400, "no_format"]);
  await parallax.call("profile.remove", { profile: search.id });
  assert.ok(!existsSync(join(logs, "api_profiler", `${search.id}.cpuprofile`)));
  const { files }: { readonly files: number } = await parallax.call("profiles.clean");
  assert.ok(files > 0);
  assert.ok(
    (await listed()).some(({ origin }) => origin === "run"),
    "only calls are cleaned",
  );
});
