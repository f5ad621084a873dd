// The process that the window of `npm run bench:ui` talks to: the HTTP interface over a session file, to which it adds exchanges at
// an even rate. Told what to do by messages of its parent.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { startFakeContract } from "../support/fake_contract.ts";
import { BODIES, nth } from "./session_fill.ts";

/** What the parent says, and what it is answered. */
export type ServerCall =
  | { readonly call: "rate"; readonly perSecond: number }
  | { readonly call: "large"; readonly bytes: number }
  | { readonly call: "times" }
  | { readonly call: "delays" }
  | { readonly call: "stop" };

export interface ServerAnswer {
  readonly url: string;
  /** Id of the exchange with the large body. */
  readonly large: number;
  /** When exchanges were put, by id: the latest ones. */
  readonly times: readonly (readonly [number, number])[];
  /** The longest that this process let others wait since it was asked last, ms. */
  readonly longestMs: number;
  readonly cpuMs: number;
}

const KEPT_TIMES = 100_000;
const TICK_MS = 20;
const [, , file = "", page = ""] = process.argv;

const fake = await startFakeContract({ exchanges: 0, file, page, port: 0 });
const delays = monitorEventLoopDelay({ resolution: 5 });
delays.enable();
const times = new Map<number, number>();
let feeding: NodeJS.Timeout | null = null;

function put(): number {
  const id = fake.nextId();
  const now = Date.now();
  fake.put({ ...nth(id), time: now }, BODIES);
  times.set(id, now);
  const oldest = times.keys().next().value;
  if (times.size > KEPT_TIMES && oldest !== undefined) times.delete(oldest);
  return id;
}

function feed(perSecond: number): void {
  if (feeding !== null) clearInterval(feeding);
  const began = performance.now();
  let sent = 0;
  feeding = setInterval(() => {
    const due = Math.floor(((performance.now() - began) * perSecond) / 1000);
    for (; sent < due; sent += 1) put();
  }, TICK_MS);
}

/** An exchange whose answer is JSON of so many bytes. */
function putLarge(size: number): number {
  const hit = (i: number) =>
    `{"_index":"app-1","_id":"${i}","_score":null,"_source":{"n":9007199254740993,"text":"${"word ".repeat(40)}"}}`;
  const hits = Array.from({ length: Math.ceil(size / hit(1_000_000).length) }, (_, i) => hit(i));
  const id = fake.nextId();
  const detail = { ...nth(1), id, path: "/app-1/_search?size=large", time: Date.now() };
  fake.put(detail, { request: BODIES.request, elasticsearch: Buffer.from(`{"took":1,"hits":{"hits":[${hits.join(",")}]}}`) });
  return id;
}

function answer(call: ServerCall): Partial<ServerAnswer> {
  switch (call.call) {
    case "rate":
      feed(call.perSecond);
      return { url: fake.url };
    case "large":
      return { large: putLarge(call.bytes) };
    case "times":
      return { times: [...times] };
    case "delays": {
      const longestMs = delays.max / 1e6;
      delays.reset();
      const { user, system } = process.cpuUsage();
      return { longestMs, cpuMs: (user + system) / 1000 };
    }
    case "stop":
      if (feeding !== null) clearInterval(feeding);
      return {};
  }
}

process.on("disconnect", () => process.exit());
process.on("message", (call: ServerCall) => {
  process.send?.(answer(call));
  if (call.call === "stop") void fake.stop().then(() => process.disconnect());
});
process.send?.({ url: fake.url });
