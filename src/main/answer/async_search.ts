// `_async_search`: submit, get, status, delete. A search that is not over in time goes on; its result is kept under an id of
// our own. Ids of Elasticsearch's are Elasticsearch's to answer.
import type { JsonObject } from "../../shared/json.ts";
import { readSearches } from "../exchange/search_request.ts";
import { Contexts, idPrefix, timeValue } from "./contexts.ts";
import { isOn, unknownParameter } from "./parameters.ts";
import { declinedBy, type RanSearch, run } from "./search.ts";
import { type Backend, type Call, declined, type Endpoint, type EndpointAnswer, json } from "./types.ts";

const PREFIX = idPrefix("async");
const SUBMIT = new Set(["wait_for_completion_timeout", "keep_on_completion", "keep_alive"]);
const WAIT_MS = 1000;
const KEEP_MS = 5 * 86_400_000;

interface Running {
  readonly started: number;
  /** null while it runs. */
  ran: RanSearch | null;
  completed: number;
  readonly over: Promise<void>;
}

const running = new Contexts<Running>(PREFIX);

export const asyncSearch: Endpoint = {
  paths: ["POST /_async_search", "POST /{index}/_async_search"],
  async answer(call, backend) {
    const wait = timeOf(call, "wait_for_completion_timeout", WAIT_MS);
    const keep = timeOf(call, "keep_alive", KEEP_MS);
    if (wait === null || keep === null) return declined("unsupported", "a time that can't be read is Elasticsearch's to refuse");
    const params = new Map([...call.params].filter(([name]) => !SUBMIT.has(name)));
    const read = readSearches({ ...call, params }, call.body);
    const [only] = read.searches;
    if (only === undefined) return declined("not_compared", `not a search that can be read: ${read.problem}`);
    const state = begin(only, call, backend);
    await Promise.race([state.over, pause(wait)]);
    const { ran } = state;
    if (ran === null) return json(shown(state, running.keep(state, keep), call.now + keep), []);
    if (ran.outcome.kind === "rejected")
      return { kind: "rejected", error: ran.outcome.error, indices: ran.outcome.indices, parts: [ran.part] };
    if (ran.outcome.kind !== "answered") return declinedBy(ran.outcome, [ran.part]);
    const id = isOn(call.params, "keep_on_completion") ? running.keep(state, keep) : null;
    return json(shown(state, id, call.now + keep), [ran.part]);
  },
};

function begin(search: Parameters<typeof run>[0], call: Call, backend: Backend): Running {
  const { promise, resolve } = Promise.withResolvers<void>();
  const state: Running = { started: call.now, ran: null, completed: 0, over: promise };
  void run(search, backend).then((ran) => {
    state.ran = ran;
    state.completed = Date.now();
    resolve();
  });
  return state;
}

/** With an id of ours or not at all. */
async function kept(call: Call, of: (state: Running, until: number) => EndpointAnswer): Promise<EndpointAnswer> {
  const unknown = unknownParameter(call.params, ["wait_for_completion_timeout", "keep_alive", "rest_total_hits_as_int"]);
  if (unknown !== "" || call.params.has("rest_total_hits_as_int")) return declined("unsupported", unknown || "totals as numbers");
  if (!running.isOurs(call.id)) return declined("unsupported", "the id is Elasticsearch's");
  const keep = call.params.has("keep_alive") ? timeOf(call, "keep_alive", KEEP_MS) : null;
  const found = running.get(call.id, keep);
  if (found === undefined) return { kind: "rejected", error: { status: 404, errorType: "resource_not_found_exception", reason: call.id } };
  const wait = timeOf(call, "wait_for_completion_timeout", 0) ?? 0;
  if (wait > 0) await Promise.race([found.value.over, pause(wait)]);
  return of(found.value, found.until);
}

export const asyncSearchGet: Endpoint = {
  paths: ["GET /_async_search/{id}"],
  asks: () => "held",
  answer: (call) =>
    kept(call, (state, until) => {
      const outcome = state.ran?.outcome;
      if (outcome?.kind === "rejected") return { kind: "rejected", error: outcome.error, indices: outcome.indices };
      // Too late for Elasticsearch: it has never heard of this search.
      if (outcome !== undefined && outcome.kind !== "answered") {
        const reason = `ClickHouse could not answer it: ${declinedBy(outcome, []).reason}`;
        return { kind: "rejected", error: { status: 503, errorType: "unavailable_exception", reason } };
      }
      return json(shown(state, call.id, until));
    }),
};

export const asyncSearchStatus: Endpoint = {
  paths: ["GET /_async_search/status/{id}"],
  asks: () => "held",
  answer: (call) =>
    kept(call, (state, until) => {
      const body = answerOf(state);
      return json({
        id: call.id,
        is_running: state.ran === null,
        is_partial: body === null,
        start_time_in_millis: state.started,
        expiration_time_in_millis: until,
        ...(state.ran === null ? {} : { completion_time_in_millis: state.completed }),
        _shards: body?._shards ?? { total: 0, successful: 0, skipped: 0, failed: 0 },
        ...(state.ran === null ? {} : { completion_status: body === null ? 503 : 200 }),
      });
    }),
};

export const asyncSearchDelete: Endpoint = {
  paths: ["DELETE /_async_search/{id}"],
  asks: () => "held",
  answer: (call) =>
    kept(call, () => {
      running.remove(call.id);
      return json({ acknowledged: true });
    }),
};

function shown(state: Running, id: string | null, until: number): JsonObject {
  const body = answerOf(state);
  return {
    ...(id === null ? {} : { id }),
    is_partial: body === null,
    is_running: state.ran === null,
    start_time_in_millis: state.started,
    expiration_time_in_millis: until,
    ...(state.ran === null ? {} : { completion_time_in_millis: state.completed }),
    response: body ?? {
      took: Date.now() - state.started,
      timed_out: false,
      _shards: { total: 0, successful: 0, skipped: 0, failed: 0 },
      hits: { total: { value: 0, relation: "gte" }, max_score: null, hits: [] },
    },
  };
}

function answerOf({ ran }: Running): JsonObject | null {
  return ran?.outcome.kind === "answered" ? ran.outcome.body : null;
}

function timeOf({ params }: Call, name: string, otherwise: number): number | null {
  const text = params.get(name);
  return text === undefined ? otherwise : timeValue(text);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
