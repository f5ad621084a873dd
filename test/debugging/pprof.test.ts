// Resource profiles as the manual has them: `curl …/debug/pprof/…` and `parallax profile`, read by Go's own tool.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type ParallaxProcess, runParallax, startParallax, until } from "../support/parallax_process.ts";
import { GO, installed, missing, printed } from "../support/tool.ts";

const CURL = installed("curl");
const PYTHON = installed("python3");
const ANNOTATE = installed("callgrind_annotate");
const WITHIN_MS = 120_000;

let parallax: ParallaxProcess;
let folder = "";
let busy = true;
let load: Promise<void>;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "parallax-pprof-"));
  parallax = await startParallax(["--sample"]);
  load = askAllTheTime();
});
after(async () => {
  busy = false;
  await load;
  await parallax.stop();
  await rm(folder, { recursive: true, force: true });
});

/** So that there is something to be seen, beside the sample's own replay. */
async function askAllTheTime(): Promise<void> {
  while (busy) {
    await fetch(`${parallax.interfaceUrl}/api/exchanges?limit=1000`).then((answer) => answer.arrayBuffer());
    await fetch(`${parallax.proxyUrl}/flights/_search?q=*:*`).then((answer) => answer.arrayBuffer());
  }
}

async function fetched(path: string): Promise<string> {
  const answer = await fetch(parallax.interfaceUrl + path);
  assert.equal(answer.status, 200, await (answer.status === 200 ? "" : answer.text()));
  const file = join(folder, path.replaceAll(/\W/g, "-"));
  await writeFile(file, new Uint8Array(await answer.arrayBuffer()));
  return file;
}

const top = (file: string, ...flags: readonly string[]): Promise<string> =>
  printed(GO, ["tool", "pprof", "-top", "-nodefraction=0", "-nodecount=2000", ...flags, file]);

test("curl fetches a CPU profile of all threads, and go tool pprof lists our functions", {
  skip: missing(GO, "Go") || missing(CURL, "curl"),
}, async () => {
  const file = join(folder, "profile.out");
  await printed(CURL, ["--silent", "--show-error", "--fail", "--output", file, `${parallax.interfaceUrl}/debug/pprof/profile?seconds=2`]);
  const all = await top(file);
  assert.match(all, /^Type: cpu$/m);
  assert.match(all, /^Duration: \d/m);
  assert.match(await top(file, "-tagfocus=thread=main"), /ms .* src\/main\/\S+/);
  // Nothing is named by a place of this machine only.
  assert.ok(!all.includes("file:///"), all);
  const threads = await printed(GO, ["tool", "pprof", "-tags", file]);
  for (const thread of ["main", "proxy"]) assert.match(threads, new RegExp(`: ${thread}$`, "m"));
  assert.match(await top(file, "-tagfocus=thread=proxy"), /ms .* src\/main\/proxy\/\S+/);
});

test("go tool pprof lists our functions of heap and allocations", { skip: missing(GO, "Go") }, async () => {
  const heap = await top(await fetched("/debug/pprof/heap"));
  assert.match(heap, /^Type: inuse_space$/m);
  assert.match(heap, /B .* src\/main\/\S+/);
  const allocs = await top(await fetched("/debug/pprof/allocs?seconds=2"));
  assert.match(allocs, /^Type: alloc_space$/m);
  assert.match(allocs, /B .* src\/main\/\S+/);
});

test("go tool pprof asks for a profile by itself", { skip: missing(GO, "Go") }, async () => {
  const text = await printed(GO, ["tool", "pprof", "-top", "-seconds=1", "-timeout=120", `${parallax.interfaceUrl}/debug/pprof/profile`]);
  assert.match(text, /^Type: cpu$/m);
});

test("the verb writes a profile in every format, which the tools read that it is for", async () => {
  const profile = async (...flags: readonly string[]): Promise<string> => {
    const output = join(folder, flags.join("-"));
    const verb = await runParallax(["profile", "--ui-port", String(parallax.interfacePort), ...flags, "--output", output], {
      limitMs: WITHIN_MS,
    });
    assert.deepEqual([verb.code, verb.output], [0, `${output}\n`]);
    return output;
  };
  const calltree = await profile("--seconds", "1", "--format", "calltree");
  if (ANNOTATE !== undefined)
    assert.match(await printed(ANNOTATE, ["--auto=no", "--inclusive=yes", "--threshold=100", calltree]), /src\/main\/\S+\.ts:/);
  const pstats = await profile("--seconds", "1", "--format", "pstats");
  if (PYTHON !== undefined) {
    const text = await printed(PYTHON, ["-c", "import pstats, sys; pstats.Stats(sys.argv[1]).sort_stats('cumtime').print_stats()", pstats]);
    assert.match(text, /src\/main\/\S+\.ts:\d+\(\S+\)/);
  }
  if (GO !== undefined) assert.match(await top(await profile("--type", "heap")), /^Type: inuse_space$/m);
});

test("the verb says what is wrong with its flags, and that nobody is there", async () => {
  const port = String(parallax.interfacePort);
  const wrong: readonly (readonly [readonly string[], number, RegExp])[] = [
    [["--ui-port", port, "--type", "disk"], 2, /there are cpu, heap, allocs/],
    [["--ui-port", port, "--seconds", "601"], 2, /whole number from 1 to 600/],
    [["--ui-port", "1"], 3, /No Parallax answers/],
  ];
  for (const [flags, code, message] of wrong) {
    const verb = await runParallax(["profile", "--seconds", "1", ...flags], { limitMs: WITHIN_MS });
    assert.equal(verb.code, code, verb.output);
    assert.match(verb.output, message);
  }
});

test("ends in order while a profile is made, and says nothing of debuggers", async () => {
  busy = false;
  await load;
  const profile = fetch(`${parallax.interfaceUrl}/debug/pprof/profile?seconds=600`).catch(() => null);
  const index = (): Promise<string> => fetch(`${parallax.interfaceUrl}/debug/pprof/`).then((answer) => answer.text());
  const page = await until(index, (text) => text.includes("/debug/pprof/profile, 600 s"));
  assert.match(page, /main, .*watcher/, "the threads are watched by now");
  const { code } = await parallax.end("SIGTERM");
  assert.equal(await profile, null);
  assert.equal(code, 0, parallax.printed());
  assert.ok(!parallax.printed().includes("debugger"), parallax.printed());
});
