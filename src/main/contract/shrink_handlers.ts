// The contract's handlers of what is asked of both sides without being captured: a request judged now, and a differing search made small.
import { Buffer } from "node:buffer";
import { join } from "node:path";
import type { RequestName, Status } from "../../shared/contract.ts";
import type { ExchangeDetail, SearchPart } from "../../shared/exchange.ts";
import type { JudgedSearch, Judgement } from "../../shared/shrink.ts";
import { messageOf } from "../../shared/thrown.ts";
import type { Session } from "../capture/session.ts";
import { UndecodableBody } from "../elasticsearch/body.ts";
import { ElasticsearchAway } from "../elasticsearch/client.ts";
import { route } from "../elasticsearch/route.ts";
import type { Engine } from "../engine.ts";
import { headersAgain } from "../replay/session_requests.ts";
import { askBoth, type BothSides } from "../shrink/ask_both.ts";
import { caseOf, writeCase } from "../shrink/keep_case.ts";
import { Shrinker, ShrinkRefusal } from "../shrink/shrinker.ts";
import { missing, shownSession } from "./capture_handlers.ts";
import { ContractFailure, type Handlers } from "./handlers.ts";

type ShrinkRequestName = Extract<RequestName, `exchange.shrink${string}` | "exchange.keep_case" | "search.judge">;

const RECORDED =
  "The sample's Elasticsearch is a recording: it can't be asked anything new. Connect Parallax to an Elasticsearch for that.";
const CASE_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/;
/** Differences that a judgement tells. */
const DIFFERENCES = 20;

export function shrinkHandlers(engine: Engine, status: () => Status): Pick<Handlers, ShrinkRequestName> {
  return shrinkHandlersOf({
    session: () => shownSession(engine),
    sides: () => sidesOf(engine),
    folder: join(engine.options.data, "cases"),
    versions: () => {
      const { version, elasticsearch, clickhouse } = status();
      return { parallax: version, elasticsearch: elasticsearch.version ?? "", clickhouse: clickhouse.version ?? "" };
    },
  });
}

export interface ShrinkSources {
  readonly session: () => Session;
  /** Throws ContractFailure where there is nobody to ask. */
  readonly sides: () => BothSides;
  /** Where cases are kept. */
  readonly folder: string;
  readonly versions: () => Readonly<Record<string, string>>;
}

/** The handlers over any session and sides. */
export function shrinkHandlersOf({ session, sides, folder, versions }: ShrinkSources): Pick<Handlers, ShrinkRequestName> {
  const shrinker = new Shrinker();
  const detailOf = (id: number): ExchangeDetail => session().get(id) ?? missing(id);
  return {
    "exchange.shrink": ({ id, position }) => {
      const detail = detailOf(id);
      const both = sides();
      if (detail.request.truncated)
        throw new ContractFailure(
          "truncated",
          `The request of exchange ${id} was longer than the capture limit and can't be asked again.`,
          409,
        );
      const body = session().rawBody(id, "request") ?? new Uint8Array();
      try {
        return shrinker.start(session(), detail, body, both, position);
      } catch (error) {
        if (error instanceof ShrinkRefusal) throw new ContractFailure(error.code, error.message, 409);
        throw error;
      }
    },
    "exchange.shrink_state": ({ id }) => shrinker.state(session(), detailOf(id).id),
    "exchange.shrink_stop": ({ id }) => shrinker.stop(session(), detailOf(id).id),
    "exchange.keep_case": async ({ id, name }) => {
      if (!CASE_NAME.test(name))
        throw new ContractFailure(
          "bad_request",
          `"${name}" is no name for a case: letters, digits, "_", "-" and ".", at most 100 of them.`,
        );
      const { headers } = detailOf(id).request;
      const { result } = shrinker.state(session(), id);
      if (result === null) throw new ContractFailure("not_shrunk", `Exchange ${id} has not been made small: do that first.`, 409);
      const { ask } = sides();
      const kept = await asking(() => caseOf(result, { ask, headers: headersAgain(id, headers), versions: versions() }));
      if (typeof kept === "string") throw new ContractFailure("no_case", `No case can be made of exchange ${id}: ${kept}`, 409);
      try {
        return { file: writeCase(folder, name, kept), documents: kept.documents.length, documentsLeftOut: kept.documentsLeftOut };
      } catch (error) {
        throw new ContractFailure("no_case", `The case can't be written: ${messageOf(error)}`, 409);
      }
    },
    "search.judge": async ({ method = "POST", path, headers = [], body = "" }) => {
      if (!/^\/[\x21-\x7e]*$/.test(path))
        throw new ContractFailure("bad_request", "A path begins with / and has no blanks; write them as %20.");
      if (route(method, path).kind !== "search")
        throw new ContractFailure("not_a_search", `${method} ${path} is no search: only searches are judged.`, 409);
      const typed = headers.some(([name]) => name.toLowerCase() === "content-type")
        ? headers
        : [...headers, ["content-type", "application/json"] as const];
      return await asking(async () =>
        judgementOf(await askBoth(sides(), 0, { method, target: path, headers: typed, body: Buffer.from(body) })),
      );
    },
  };
}

function judgementOf({ status, judged }: Awaited<ReturnType<typeof askBoth>>): Judgement {
  if (typeof judged === "string") return { status, verdict: "not_compared", reason: judged, searches: [] };
  const { verdict, reason } = judged.comparison;
  return { status, verdict, reason, searches: judged.parts.map(judgedSearch) };
}

function judgedSearch({ position, index, comparison }: SearchPart): JudgedSearch {
  const { verdict, reason, differences, differenceCount, unsupported } = comparison;
  return { position, index, verdict, reason, differences: differences.slice(0, DIFFERENCES), differenceCount, unsupported };
}

async function asking<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ElasticsearchAway) throw new ContractFailure("away", error.message, 503);
    if (error instanceof UndecodableBody) throw new ContractFailure("bad_request", error.message);
    throw error;
  }
}

function sidesOf(engine: Engine): BothSides {
  const { workspace } = engine;
  if (workspace === null) throw new ContractFailure("no_session", "No session is open yet; try again in a moment.", 503);
  if (engine.sampleVersion !== null) throw new ContractFailure("recorded", RECORDED, 409);
  return { ask: workspace.ask, judged: (exchange) => workspace.exchanges.judged(exchange) };
}
