// Feeds a target with a kind's documents: those of the past at once, then so many a second until all are made or it is stopped. Started
// again, it goes on with the next number.
import type { HeaderPairs } from "../../../shared/exchange.ts";
import { pause } from "../../pause.ts";
import { BulkSender, type ToSend } from "./bulk_sender.ts";
import type { GeneratorPlan, GeneratorRun, Made } from "./generator.ts";
import type { GeneratorKind } from "./kind.ts";
import { makeTarget } from "./target.ts";
import { Allowance, timeInPast } from "./timetable.ts";
import { whenThere } from "./when_there.ts";

const BATCH = 1_000;
const TICK_MS = 200;

/** Resolves with how many are made by now. Throws where nothing at all is taken, with Elasticsearch's reason. */
export async function feed(kind: GeneratorKind, plan: GeneratorPlan, run: GeneratorRun): Promise<Made> {
  const { client, signal } = run;
  await whenThere(() => makeTarget(client, kind, plan), run);
  const sender = new BulkSender(client, plan.index, headersOf(kind), run.problem);
  const last = plan.documents ?? Number.POSITIVE_INFINITY;
  let { made } = run;
  let refused = 0;
  const send = async (count: number): Promise<void> => {
    const now = Date.now();
    const spread = plan.rate === null ? 0 : TICK_MS;
    const documents = Array.from({ length: count }, (_, at) =>
      documentOf(kind, plan, made + at, Math.round(now - spread * (1 - (at + 1) / count))),
    );
    const sent = await sender.send(documents, signal);
    if (signal.aborted && sent.there + sent.refused < count) return;
    if (sent.there === 0 && sent.refused > 0) throw new Error(`Elasticsearch refused all ${sent.refused} documents: ${sent.reason}`);
    made += count;
    refused += sent.refused;
    run.onProgress(made, refused);
  };
  while (made < Math.min(plan.past, last) && !signal.aborted) await send(Math.min(BATCH, Math.min(plan.past, last) - made));
  const allowance = plan.rate === null ? null : new Allowance(plan.rate, performance.now());
  while (made < last && !signal.aborted) {
    const due = allowance?.take(performance.now(), kind.burst?.(Math.floor(Date.now() / 1000), plan.seed) ?? 1) ?? BATCH;
    for (let left = Math.min(due, last - made); left > 0 && !signal.aborted; left -= BATCH) await send(Math.min(left, BATCH));
    if (allowance !== null && made < last) await pause(TICK_MS, signal);
  }
  return { made, refused };
}

/** `now`: when it is made if it is none of the past, epoch ms. */
function documentOf(kind: GeneratorKind, plan: GeneratorPlan, number: number, now: number): ToSend {
  const { documents, seed, span, begun } = plan;
  const past = Math.min(plan.past, documents ?? plan.past);
  const time = number < past ? timeInPast(number, { documents: past, span, end: begun }) : now;
  return { id: `${kind.name}-${seed}-${number}`, source: kind.document(number, time, seed) };
}

/** What a client of Elasticsearch's says of itself: Traffic names it by this. */
function headersOf({ name }: GeneratorKind): HeaderPairs {
  return [
    ["accept", "application/json"],
    ["user-agent", `parallax-generate/${name}`],
  ];
}
