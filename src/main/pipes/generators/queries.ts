// `queries`: plays what a Kibana user asks of the generated documents, so that answers are compared without a Kibana.
import { ElasticsearchAway, type ElasticsearchClient } from "../../elasticsearch/client.ts";
import { pause } from "../../pause.ts";
import type { Generator, GeneratorPlan, GeneratorRun, Made } from "./generator.ts";
import { kindOf } from "./kinds.ts";
import type { Searching, UserRequest } from "./user/requests.ts";
import { SUBJECTS } from "./user/subjects.ts";
import { act, type Seen } from "./user/user.ts";
import { isThere, whenThere } from "./when_there.ts";

/** Whether there are new documents to ask is looked at every so many acts. */
const LOOK_EVERY = 20;

export const queries: Generator = {
  name: "queries",
  title: "What a Kibana user asks of generated documents",
  index: "*",
  rate: 4,
  past: 0,
  unit: "requests",
  run: play,
};

/** Resolves with how many requests were sent by now. Throws where there is nothing to ask. */
async function play(plan: GeneratorPlan, run: GeneratorRun): Promise<Made> {
  const { client, signal } = run;
  const last = plan.documents ?? Number.POSITIVE_INFINITY;
  let { made } = run;
  let refused = 0;
  let seen: readonly Seen[] = [];
  const endpoint = (await whenThere(() => endpointOf(client), run)) ?? "_search";
  for (let acts = 0; made < last && !signal.aborted; acts += 1) {
    const started = performance.now();
    if (acts % LOOK_EVERY === 0) seen = (await whenThere(() => seenOf(client, plan.index), run)) ?? [];
    const [first, ...rest] = seen;
    if (signal.aborted) break;
    if (first === undefined)
      throw new Error("There is nothing to ask yet: none of the generated documents are there. Generate logs first.");
    const requests = act(made, plan.seed, [first, ...rest], endpoint, Date.now()).slice(0, last - made);
    const answers = await Promise.all(requests.map((request) => ask(client, request)));
    made += requests.length;
    refused += answers.filter((answered) => !answered).length;
    run.onProgress(made, refused);
    if (plan.rate !== null) await pause(Math.max(0, (requests.length / plan.rate) * 1_000 - (performance.now() - started)), signal);
  }
  return { made, refused };
}

/** Those subjects whose documents are there. */
async function seenOf(client: ElasticsearchClient, only: string): Promise<readonly Seen[]> {
  const subjects = SUBJECTS.map((subject) => ({ subject, index: kindOf(subject.kind)?.index ?? "" }));
  const wanted = subjects.filter(({ index }) => only === "*" || only === index);
  const there = await Promise.all(wanted.map(({ index }) => isThere(client, index)));
  return wanted.filter((_, at) => there[at]);
}

/** An Elasticsearch without its X-Pack modules has no asynchronous searches. */
async function endpointOf(client: ElasticsearchClient): Promise<Searching["endpoint"]> {
  const { status } = await client.request("GET", "/_async_search/none");
  return status === 400 ? "_search" : "_async_search";
}

async function ask(client: ElasticsearchClient, { method, path, headers, body }: UserRequest): Promise<boolean> {
  try {
    const { status } = await client.request(method, path, body === "" ? undefined : body, { headers });
    return status < 400;
  } catch (error) {
    if (error instanceof ElasticsearchAway) return false;
    throw error;
  }
}
