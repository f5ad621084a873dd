// What a window tells of itself: its frames, its long tasks, how long it takes to answer a key, and when rows were to be seen.
import type { CDPSession, Page } from "playwright-core";

export interface Probed {
  /** Between one frame and the next, ms. */
  readonly frames: readonly number[];
  /** Tasks over 50 ms, ms. */
  readonly tasks: readonly number[];
  /** From a key to the next frame, ms; those under 16 are not told. */
  readonly inputs: readonly number[];
  /** When a row was drawn first, by id. */
  readonly seen: readonly (readonly [number, number])[];
}

interface Probes {
  frames: number[];
  tasks: number[];
  inputs: number[];
  seen: Map<number, number>;
}

declare global {
  interface Window {
    probes: Probes;
  }
}

/** Starts to watch each document of the page. */
export async function watchPage(page: Page): Promise<void> {
  await page.addInitScript(() => {
    window.probes = { frames: [], tasks: [], inputs: [], seen: new Map() };
    let last = performance.now();
    const frame = () => {
      const now = performance.now();
      window.probes.frames.push(now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
    new PerformanceObserver((list) => {
      for (const task of list.getEntries()) window.probes.tasks.push(task.duration);
    }).observe({ type: "longtask" });
    new PerformanceObserver((list) => {
      for (const event of list.getEntries()) if (event.name.startsWith("key")) window.probes.inputs.push(event.duration);
    }).observe({ type: "event", durationThreshold: 16 } as PerformanceObserverInit);
    let looked = false;
    const look = () => {
      looked = false;
      const now = Date.now();
      for (const row of document.querySelectorAll('[role="grid"] [data-id]')) {
        const id = Number(row.getAttribute("data-id"));
        if (!window.probes.seen.has(id)) window.probes.seen.set(id, now);
      }
    };
    // The frame after the one that a change is drawn in: by then it is on the screen.
    new MutationObserver(() => {
      if (looked) return;
      looked = true;
      requestAnimationFrame(() => setTimeout(look));
    }).observe(document, { subtree: true, childList: true, attributeFilter: ["data-id"] });
  });
}

/** What was seen since it was asked last. */
export async function probed(page: Page): Promise<Probed> {
  return await page.evaluate(() => {
    const { frames, tasks, inputs, seen } = window.probes;
    window.probes = { frames: [], tasks: [], inputs: [], seen: new Map() };
    return { frames, tasks, inputs, seen: [...seen] };
  });
}

export interface Held {
  readonly heapMb: number;
  readonly nodes: number;
  readonly listeners: number;
}

/** What the page holds once the garbage is gone. */
export async function heldBy(devtools: CDPSession): Promise<Held> {
  await devtools.send("HeapProfiler.collectGarbage");
  const { metrics } = await devtools.send("Performance.getMetrics");
  const of = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? 0;
  return { heapMb: of("JSHeapUsedSize") / 1e6, nodes: of("Nodes"), listeners: of("JSEventListeners") };
}
