// A stack trace as one HTML file that needs nothing else: no script, no address. Read in a browser or as text.

import type { ClickHouseStacks, ClickHouseThreads } from "./clickhouse_stacks.ts";
import type { HotThreads } from "./elasticsearch_stacks.ts";
import { Html, html } from "./html.ts";
import type { Frame } from "./js_stack.ts";
import type { Part, StackTrace } from "./stack_trace.ts";
import { STACK_TRACE_STYLE } from "./stack_trace_style.ts";
import type { StackOfThread, ThreadStacks } from "./thread_stacks.ts";

/** Facts of the process, as label and value. */
export type Facts = readonly (readonly [label: string, value: string])[];

/** The whole file. */
export function stackTracePage(trace: StackTrace, facts: Facts): string {
  const time = trace.time.toISOString();
  const { text } = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Stack trace of Parallax, ${time}</title>
<style>${new Html(STACK_TRACE_STYLE)}</style>
</head>
<body>
<header>
<h1>Stack trace of Parallax</h1>
<p>${time}. ${trace.why} Taken in ${(trace.ms / 1000).toFixed(2)} s.</p>
<dl>${facts.map(([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>`)}</dl>
<nav><a href="#parallax">Parallax</a> <a href="#system">System</a> <a href="#clickhouse">ClickHouse</a> <a href="#elasticsearch">Elasticsearch</a></nav>
</header>
<main>
<section id="parallax"><h2>Threads of Parallax</h2>
${trace.threads.map(threadPart)}
<p class="dim">The thread that has written this, <q>health</q>, is left out.</p></section>
<section id="system"><h2>Threads of the process, as the system has them</h2>
${systemPart(trace.system)}</section>
<section id="clickhouse" class="clickhouse"><h2>ClickHouse</h2>
${partOf(trace.clickhouse, clickhousePart)}</section>
<section id="elasticsearch" class="elasticsearch"><h2>Elasticsearch</h2>
${partOf(trace.elasticsearch, elasticsearchPart)}</section>
</main>
</body>
</html>
`;
  return text;
}

function partOf<T>(part: Part<T>, show: (value: T) => Html): Html {
  return part.ok ? show(part.value) : missing(part.why);
}

function missing(why: string): Html {
  return html`<p class="missing">${why}</p>`;
}

function threadPart(thread: ThreadStacks): Html {
  const { label, id, samples, stacks, busy, answerMs } = thread;
  const waits = Object.entries(thread.waitsFor).toSorted((a, b) => b[1] - a[1]);
  return html`<article><h3>${label} <small>thread ${id}</small> <span class="state">${stateOf(thread)}</span></h3>
${
  samples === 0
    ? missing(
        "It gave no answer in time: it is within one long call of native code, as of SQLite, or the main thread is, through which workers are asked.",
      )
    : html`<p class="dim">Event loop busy ${percent(busy.now)} of the time now, ${percent(busy.always)} since its start; answered within ${answerMs.toFixed(1)} ms.${
        waits.length === 0 ? "" : html` Waits for: ${waits.map(([name, count]) => `${count} ${name}`).join(", ")}.`
      }</p>`
}
${stacks.map((stack) => stackPart(stack, samples))}</article>
`;
}

function stateOf({ samples, stacks }: ThreadStacks): string {
  const running = stacks.reduce((sum, stack) => sum + stack.samples, 0);
  if (samples === 0) return "no answer";
  return running === 0 ? "idle" : `runs in ${running} of ${samples} samples`;
}

function stackPart({ frames, samples }: StackOfThread, all: number): Html {
  return html`<h4>${samples} of ${all} samples</h4><ol>${frames.map(framePart)}</ol>`;
}

function framePart({ name, place, async }: Frame): Html {
  const where = place === null ? "" : `${place.file}:${place.line}:${place.column}`;
  const kind = async ? "waits" : place?.file.startsWith("node:") === true ? "foreign" : "own";
  return html`<li class="${kind}">${async ? html`<i>async</i> ` : ""}<b>${name || "(anonymous)"}</b> ${where}</li>\n`;
}

function systemPart(threads: StackTrace["system"]): Html {
  if (threads === null) return missing("Only Linux tells of them.");
  return html`<table><thead><tr><th>id</th><th>name</th><th>state</th><th>processor now</th><th>processor time</th></tr></thead><tbody>
${threads.map(
  ({ id, name, state, now, seconds }) =>
    html`<tr><td>${id}</td><td>${name}</td><td>${STATES[state] ?? state}</td><td>${percent(now)}</td><td>${seconds.toFixed(2)} s</td></tr>\n`,
)}</tbody></table>`;
}

const STATES: Readonly<Record<string, string>> = { R: "runs", S: "sleeps", D: "waits for a device", T: "stopped", Z: "ended" };

function clickhousePart({ url, threads, running, missing: gaps }: ClickHouseStacks): Html {
  const count = threads.reduce((sum, group) => sum + group.threads, 0);
  return html`<p>${url}: ${count} threads with ${threads.length} different stacks, ${running.length} statements run.</p>
${gaps.map(missing)}
${running.map(
  (query) => html`<article><h3>${query.seconds.toFixed(2)} s <small>${query.id}, ${query.user}</small></h3>
<p class="dim">${query.readRows} rows and ${query.readBytes} bytes read, ${query.memoryBytes} bytes of memory, ${query.threads} threads.</p><pre>${query.query}</pre></article>`,
)}
${threads.map(groupPart)}`;
}

function groupPart({ threads, names, queries, frames }: ClickHouseThreads): Html {
  return html`<details${queries.length > 0 ? new Html(" open") : ""}><summary>${threads} ${threads === 1 ? "thread" : "threads"}: ${names.join(", ")}${
    queries.length === 0 ? "" : ` (statement ${queries.join(", ")})`
  }</summary><ol>${frames.map((frame) => html`<li class="${frame.startsWith("0x") ? "foreign" : "own"}">${frame}</li>\n`)}</ol></details>
`;
}

function elasticsearchPart({ url, text }: HotThreads): Html {
  return html`<p>${url}: hot threads of all nodes.</p><pre>${text}</pre>`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
}
