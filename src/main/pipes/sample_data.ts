// Sample data of three kinds, made by their generators in one go, and taken away again: only what bears our mark.
import { isObject, type JsonValue, member, numberAt } from "../../shared/json.ts";
import type { SampleDataState, SampleSet } from "../../shared/sample_data.ts";
import { type ElasticsearchClient, ElasticsearchRefused } from "../elasticsearch/client.ts";
import { generatorId } from "./generator_job.ts";
import type { GeneratorKind } from "./generators/kind.ts";
import { kindOf } from "./generators/kinds.ts";
import { queries } from "./generators/queries.ts";
import { MADE_BY, makeTarget, templateOf } from "./generators/target.ts";
import { PipeRefusal } from "./job.ts";
import type { Pipes } from "./pipes.ts";

const KINDS = ["orders", "logs", "devices"].flatMap((name) => kindOf(name) ?? []);
const DOCUMENTS = 5_000;
const SPAN_HOURS = 7 * 24;
/** Requests a second. */
const ASKED = 2;
const NOT_FOUND = 404;
/** Names of the stack's own: system indices, and the data streams behind which they are. */
const OWN = /^\.(?!ds-)|^\.ds-(\.|ilm-|\.?logs-deprecation)/;

export interface SampleDataSource {
  /** Beside the proxy. */
  readonly elasticsearch: ElasticsearchClient;
  readonly pipes: Pick<Pipes, "list" | "generate" | "forgetGenerator">;
}

/** Throws ElasticsearchAway, ElasticsearchRefused. */
export async function sampleDataOf(source: SampleDataSource): Promise<Omit<SampleDataState, "why">> {
  const { elasticsearch } = source;
  const [empty, ...sets] = await Promise.all([isEmpty(elasticsearch), ...KINDS.map((kind) => setOf(source, kind))]);
  return { empty, sets, asking: isRunning(source, queries.name) };
}

/**
 * Makes what is not there, by `endpoint`: the proxy, so that it is mirrored. What is another's stays as it is. Throws PipeRefusal,
 * ElasticsearchAway, ElasticsearchRefused.
 */
export async function addSampleData(source: SampleDataSource, endpoint: ElasticsearchClient, asking: boolean): Promise<void> {
  const { sets } = await sampleDataOf(source);
  for (const { kind: name, state, there } of sets) {
    const kind = kindOf(name);
    if (kind === null || state === "making" || state === "others" || (there ?? 0) >= DOCUMENTS) continue;
    if (state === "absent") {
      await source.pipes.forgetGenerator(name, kind.index);
      // At once, so that there is something to ask.
      await makeTarget(endpoint, kind, { index: kind.index, stream: isStream(kind) });
    }
    await unlessMade(source.pipes.generate({ kind: name, documents: DOCUMENTS, past: DOCUMENTS, spanHours: SPAN_HOURS, rate: 0 }));
  }
  if (asking && !isRunning(source, queries.name)) await source.pipes.generate({ kind: queries.name, rate: ASKED });
}

/** Throws ElasticsearchAway, ElasticsearchRefused. */
export async function removeSampleData(source: SampleDataSource, endpoint: ElasticsearchClient): Promise<void> {
  await source.pipes.forgetGenerator(queries.name, queries.index);
  for (const kind of KINDS) {
    const { state } = await setOf(source, kind);
    if (state === "others") continue;
    await source.pipes.forgetGenerator(kind.name, kind.index);
    const name = encodeURIComponent(kind.index);
    // Without data streams it is an index, and there is no template.
    if (isStream(kind) && (await removed(endpoint, `/_data_stream/${name}`))) {
      await removed(endpoint, `/_index_template/${encodeURIComponent(templateOf(kind.index))}`);
    } else await removed(endpoint, `/${name}`);
  }
}

async function setOf({ elasticsearch, pipes }: SampleDataSource, kind: GeneratorKind): Promise<SampleSet> {
  const { name, title, index } = kind;
  const set = { kind: name, title, index, documents: DOCUMENTS };
  const path = `/${encodeURIComponent(index)}`;
  const mappings = await unlessAbsent(elasticsearch.json("GET", `${path}/_mapping`));
  if (mappings === null) return { ...set, there: 0, state: "absent" };
  const count = await unlessAbsent(elasticsearch.json("GET", `${path}/_count`));
  const there = count === null ? null : numberAt(count, "count");
  const ours = Object.values(mappings).every((each) => isOurs(each));
  if (!ours) return { ...set, there, state: "others" };
  return { ...set, there, state: isRunning({ pipes }, name) ? "making" : "there" };
}

/** Whether an index of `GET INDEX/_mapping` bears our mark. */
function isOurs(index: JsonValue): boolean {
  const mappings = isObject(index) ? member(index, "mappings") : undefined;
  const meta = isObject(mappings) ? member(mappings, "_meta") : undefined;
  return isObject(meta) && member(meta, "managed_by") === MADE_BY.managed_by;
}

async function isEmpty(elasticsearch: ElasticsearchClient): Promise<boolean> {
  const all = await elasticsearch.json("GET", "/_settings/index.uuid?expand_wildcards=all&flat_settings=true");
  return Object.keys(all).every((name) => OWN.test(name));
}

function isStream({ index }: GeneratorKind): boolean {
  return /^(logs|metrics)-/.test(index);
}

function isRunning({ pipes }: Pick<SampleDataSource, "pipes">, kind: string): boolean {
  return pipes.list().some(({ id, state }) => id === generatorId(kind) && state === "running");
}

/** All of them were made before, and some were removed by hand: that is left so. */
async function unlessMade(begun: Promise<unknown>): Promise<void> {
  try {
    await begun;
  } catch (error) {
    if (!(error instanceof PipeRefusal) || error.why !== "wrong") throw error;
  }
}

async function unlessAbsent<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ElasticsearchRefused && error.status === NOT_FOUND) return null;
    throw error;
  }
}

/** False where there was none, or no API for it. */
async function removed(endpoint: ElasticsearchClient, path: string): Promise<boolean> {
  const { status } = await endpoint.request("DELETE", path);
  if (status >= 400 && status !== NOT_FOUND && status !== 400 && status !== 405)
    throw new ElasticsearchRefused(status, `Elasticsearch refused DELETE ${path}: status ${status}.`);
  return status < 400;
}
