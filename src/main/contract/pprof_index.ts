// The page of `/debug/pprof/`.
import type { ProfilerActivity } from "../../shared/profiles.ts";

interface Link {
  readonly href: string;
  readonly name: string;
  readonly what: string;
}

const LINKS: readonly Link[] = [
  {
    href: "profile?seconds=30",
    name: "profile",
    what: "CPU time of the main thread and of every worker, by stack; the label <code>thread</code> says whose. <code>seconds</code>: for how long, 1 to 600 (30). <code>format</code>: <code>pprof</code>, <code>cpuprofile</code> (Chrome, VS Code, speedscope), <code>calltree</code> (KCachegrind), <code>pstats</code> (Python).",
  },
  {
    href: "heap",
    name: "heap",
    what: "Objects that are alive, by where they were allocated: sampled since the start, so it answers at once. <code>gc=1</code>: after a garbage collection. <code>seconds</code>: by how much it grows in so long.",
  },
  {
    href: "allocs?seconds=10",
    name: "allocs",
    what: "All allocations in so many <code>seconds</code> (10), those that are collected meanwhile included.",
  },
  { href: "/api/status/stacktrace", name: "threads", what: "Stacks of all threads now, of ClickHouse and of Elasticsearch." },
  { href: "/api/status/heap", name: "memory", what: "What the process's memory is used for, as text." },
];

/** `host`: by which it was asked for; `threads`: labels of those that run. */
export function pprofIndex({
  host,
  threads,
  recording,
}: {
  readonly host: string;
  readonly threads: readonly string[];
  readonly recording: ProfilerActivity["recording"];
}): string {
  const rows = LINKS.map(({ href, name, what }) => `<tr><td><a href="${href}">${name}</a></td><td>${what}</td></tr>`).join("\n");
  const now =
    recording === null
      ? "Nothing is being recorded."
      : `Being recorded since ${recording.since}: ${escaped(recording.title)}. A second recording is refused meanwhile.`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>/debug/pprof/</title>
<style>
:root { color-scheme: light dark; font: 14px/1.5 system-ui, sans-serif; }
body { margin: 2rem; max-width: 60rem; }
td { padding: 0.25rem 1.5rem 0.25rem 0; vertical-align: top; }
code, pre { font-family: ui-monospace, monospace; font-size: 13px; }
</style>
<h1>/debug/pprof/</h1>
<p>Resource profiles of Parallax. ${now}</p>
<table>
${rows}
</table>
<p>${threads.length} threads: ${threads.map(escaped).join(", ")}.</p>
<pre>curl -o profile.pb.gz 'http://${escaped(host)}/debug/pprof/profile?seconds=10'
go tool pprof -http=:8082 profile.pb.gz</pre>
</html>
`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
