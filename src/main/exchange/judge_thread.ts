// The thread that judges what would hold up the engine's main thread: large answers. It has its own client of ClickHouse; what only the
// main thread knows it asks by message.
import { parentPort } from "node:worker_threads";
import { messageOf } from "../../shared/thrown.ts";
import { type Access, ClickHouseClient } from "../clickhouse/client.ts";
import { Bounded } from "./bounded.ts";
import { arrived, crossing } from "./crossing.ts";
import { type JudgedExchange, judgeExchange } from "./judge_exchange.ts";
import type { FromJudgeThread, Question, ToJudgeThread, Told } from "./judge_messages.ts";
import type { View } from "./moment.ts";
import { faultOf } from "./outcome.ts";
import type { Witness } from "./witness.ts";

/** As many as AsyncSearches keeps. */
const MOST_OPEN = 100;

const port = parentPort;
const waiting = new Map<number, { readonly resolve: (answer: unknown) => void; readonly reject: (error: Error) => void }>();
/** What may be judged again, by its job. */
const open = new Bounded<NonNullable<JudgedExchange["again"]>>(MOST_OPEN);
let questions = 0;
let reached: { readonly access: string; readonly client: ClickHouseClient } | null = null;

function tell(message: FromJudgeThread, transfer: readonly ArrayBuffer[] = []): void {
  port?.postMessage(crossing(message), transfer);
}

function ask<K extends keyof Told>(job: number, what: Question & { readonly name: K }): Promise<Told[K]>;
function ask(job: number, what: Question): Promise<unknown> {
  questions += 1;
  const question = questions;
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  waiting.set(question, { resolve, reject });
  tell({ kind: "asks", job, question, what });
  return promise;
}

function witnessOf(job: number): Witness {
  return {
    tables: ({ index, params }) => ask(job, { name: "tables", search: { index, params } }),
    whole: (indices) => ask(job, { name: "whole", indices }),
    unsettled: (indices, end) => ask(job, { name: "unsettled", indices, end }),
    late: (indices, end) => ask(job, { name: "late", indices, end }),
    settings: ({ index, shape }) => ask(job, { name: "settings", search: { index, shape } }),
    view: async (search, seen) => {
      const found = await ask(job, { name: "view", search, seen });
      if (found === null || "kind" in found) return found;
      const { view, hasMaxScore, ...rest } = found;
      return {
        ...rest,
        ...(hasMaxScore ? { maxScore: () => ask(job, { name: "view max score", view }) } : {}),
        unsettled: () => ask(job, { name: "view unsettled", view }),
        over: (maxScore) => tell({ kind: "over", job, view, maxScore }),
      } satisfies View;
    },
  };
}

function clientOf(access: Access): ClickHouseClient {
  const key = JSON.stringify(access);
  if (reached?.access === key) return reached.client;
  void reached?.client.close();
  reached = { access: key, client: new ClickHouseClient(access) };
  return reached.client;
}

async function judge({ job, asked, access }: ToJudgeThread & { readonly kind: "judge" }): Promise<void> {
  const judged = await judgeExchange(asked, { witness: witnessOf(job), clickhouse: clientOf(access) });
  const { comparison, parts, timings, answer = null, open: left = [], again } = judged;
  if (again !== undefined) open.set(String(job), again);
  const there = { comparison, parts, timings, answer, open: left, again: again !== undefined };
  tell({ kind: "judged", job, judged: there }, answer === null ? [] : [answer.buffer]);
}

async function judgeAgain({ job, first, later }: ToJudgeThread & { readonly kind: "again" }): Promise<void> {
  const told = (await open.get(String(first))?.(later)) ?? null;
  if (told !== null) open.delete(String(first));
  tell({ kind: "judged again", job, told });
}

function hear(message: ToJudgeThread): void {
  switch (message.kind) {
    case "judge":
    case "again": {
      const work = message.kind === "judge" ? judge(message) : judgeAgain(message);
      work.catch((error: unknown) => tell({ kind: "fault", job: message.job, comparison: faultOf(error) }));
      return;
    }
    case "told":
      waiting.get(message.question)?.resolve(message.answer);
      break;
    case "not told":
      waiting.get(message.question)?.reject(new Error(messageOf(message.why)));
  }
  waiting.delete(message.question);
}

port?.on("message", (message: ToJudgeThread) => hear(arrived(message)));
