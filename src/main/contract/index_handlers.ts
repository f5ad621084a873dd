// The contract's handlers of indices and pipes.
import type { AnswerOf, IndexInfo, Mode, RequestName } from "../../shared/contract.ts";
import type { IndexDetail } from "../../shared/index_info.ts";
import type { GenerateRequest, PipeInfo } from "../../shared/pipe.ts";
import type { RouteInfo } from "../../shared/routing.ts";
import type { Engine } from "../engine.ts";
import { GENERATORS } from "../pipes/generators/generators.ts";
import type { IndexRequest } from "../pipes/index_job.ts";
import { PipeRefusal } from "../pipes/job.ts";
import type { NamedIndex } from "../routing/rules.ts";
import { ContractFailure, type Handlers } from "./handlers.ts";
import { indexDetail } from "./index_detail.ts";
import { refusedRecording } from "./profile_handlers.ts";

type IndexRequestName = Extract<
  RequestName,
  `index.${string}` | "indices.list" | "routes.list" | `pipe.${string}` | "pipes.list" | `generator${string}`
>;

export const RECORDED =
  "The sample's Elasticsearch is a recording: nothing can be written to it. Connect Parallax to an Elasticsearch for that.";

const MOST_ENTRIES = 5_000;
const EVERY_INDEX: ReadonlyMap<string, string> = new Map([["expand_wildcards", "all"]]);

export function indexHandlers(engine: Engine): Pick<Handlers, IndexRequestName> {
  return {
    "indices.list": () => indices(engine),
    "index.get": ({ name }) => detail(engine, name),
    "index.ledger": async ({ name, limit }) => engine.workspace?.mirror?.ledger.of(name, Math.min(limit ?? 100, MOST_ENTRIES)) ?? [],
    "index.backfill": ({ name, rate }) => begin(engine, { kind: "backfill", index: name, rate: rateOf(rate) ?? null, exact: false }),
    "index.reconcile": ({ name, rate, exact }) =>
      begin(engine, { kind: "reconcile", index: name, rate: rateOf(rate) ?? null, exact: exact ?? false }),
    "index.mode": ({ name, mode }) => setMode(engine, name, mode ?? null),
    "routes.list": () => routes(engine),
    "pipes.list": () => engine.pipes.list(),
    "generators.list": () => GENERATORS.map(({ name, title, index, rate, past, unit }) => ({ kind: name, title, index, rate, past, unit })),
    "generator.begin": (request) => generate(engine, request),
    "pipe.pump": ({ pipe, operation, rate, profiler }) =>
      engine.pipes.pump(pipe, operation, { rate: rateOf(rate), profiler }).catch(refused),
  };
}

async function indices(engine: Engine): Promise<readonly IndexInfo[]> {
  const { workspace } = engine;
  const infos = (await workspace?.mirror?.indices()) ?? [];
  const pipes = engine.pipes.list();
  return infos.map((info) => {
    const waiting = workspace?.lag(info.name) ?? { documents: 0, seconds: 0 };
    const lag = { documents: info.lag.documents + waiting.documents, seconds: Math.max(info.lag.seconds, waiting.seconds) };
    return { ...info, lag, reconciled: lastOf(pipes.filter(({ index }) => index === info.name)) };
  });
}

async function setMode(engine: Engine, name: string, mode: Mode | null): Promise<AnswerOf<"index.mode">> {
  const index = (await described(engine, name)).find((one) => one.name === name);
  if (index === undefined && mode !== null) {
    throw new ContractFailure("no_index", `There is no index ${name} in Elasticsearch, or it can't be asked now.`, 404);
  }
  await engine.setIndexMode(name, mode);
  const rule = engine.routing.ruleOf(index ?? { name, aliases: [] });
  return { name, mode: rule.mode, modeFrom: rule.from };
}

async function routes(engine: Engine): Promise<readonly RouteInfo[]> {
  const indices = await described(engine, "");
  return engine.routing.routes(indices.filter(({ name }) => !name.startsWith(".") || name.startsWith(".ds-")));
}

/** What an expression means; none while Elasticsearch is away. */
async function described(engine: Engine, expression: string): Promise<readonly NamedIndex[]> {
  const resolved = await engine.workspace?.mirror?.resolve(expression, EVERY_INDEX);
  return resolved === undefined || resolved.kind === "rejected" ? [] : (resolved.indices ?? []);
}

function lastOf(pipes: readonly PipeInfo[]): IndexInfo["reconciled"] {
  const ended = pipes.filter(({ ended, result, lastError }) => ended !== null && (result !== "" || lastError !== ""));
  const last = ended.toSorted((a, b) => ((a.ended ?? "") < (b.ended ?? "") ? 1 : -1))[0];
  if (last === undefined || last.ended === null || (last.kind !== "backfill" && last.kind !== "reconcile")) return null;
  return { time: last.ended, kind: last.kind, ok: last.state !== "failed", sentence: last.result || last.lastError };
}

async function detail(engine: Engine, name: string): Promise<IndexDetail> {
  const mirrored = (await engine.workspace?.mirrored()) ?? "no Elasticsearch is connected yet";
  if (typeof mirrored === "string") throw new ContractFailure("away", `The columns of ${name} can't be told: ${mirrored}.`, 503);
  const { mirror } = mirrored;
  const resolved = await mirror.resolve(name, new Map());
  if (resolved.kind === "not_compared") throw new ContractFailure("away", `The columns of ${name} can't be told: ${resolved.reason}.`, 503);
  const found = resolved.kind === "indices" ? resolved.indices.find((index) => index.name === name) : undefined;
  if (found === undefined) throw new ContractFailure("no_index", `There is no index ${name} in Elasticsearch.`, 404);
  return indexDetail(found, mirror.database);
}

function begin(engine: Engine, request: IndexRequest): Promise<PipeInfo> {
  return engine.pipes.begin(request).catch(refused);
}

function generate(engine: Engine, request: GenerateRequest): Promise<PipeInfo> {
  if (engine.sampleVersion !== null) throw new ContractFailure("recorded", RECORDED, 409);
  return engine.pipes.generate(request).catch(refused);
}

function rateOf(rate: number | undefined): number | undefined {
  if (rate === 0) throw new ContractFailure("bad_request", '"rate" must be 1 document a second or more; leave it out for no limit.');
  return rate;
}

export function refused(error: unknown): never {
  if (!(error instanceof PipeRefusal)) return refusedRecording(error);
  switch (error.why) {
    case "unknown":
      throw new ContractFailure("no_pipe", error.message, 404);
    case "no index":
      throw new ContractFailure("no_index", error.message, 404);
    case "wrong":
      throw new ContractFailure("bad_request", error.message);
    case "running":
      throw new ContractFailure("pipe_running", error.message, 409);
    case "idle":
      throw new ContractFailure("pipe_idle", error.message, 409);
    case "needed":
      throw new ContractFailure("pipe_needed", error.message, 409);
    case "profiled":
      throw new ContractFailure("recording", error.message, 409);
    case "not profiled":
      throw new ContractFailure("not_recording", error.message, 409);
    case "away":
      throw new ContractFailure("away", error.message, 503);
  }
}
