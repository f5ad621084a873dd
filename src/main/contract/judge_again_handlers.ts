// The contract's handlers of judging again: kept answers compared by the rules of now.
import type { RequestName } from "../../shared/contract.ts";
import type { Verdict } from "../../shared/exchange.ts";
import type { JudgedAgainCounts } from "../../shared/judge_again.ts";
import type { Session } from "../capture/session.ts";
import type { Engine } from "../engine.ts";
import { judgedAgain } from "../exchange/judge_again.ts";
import type { Fitting, RuleSettings } from "../matcher/rule_settings.ts";
import { filterOf, missing, writable } from "./capture_handlers.ts";
import { ContractFailure, type Handlers } from "./handlers.ts";

type JudgeAgainRequestName = Extract<RequestName, `${string}.judge_again`>;

/** A request judges for so long, then says where to go on: others get their turn, and the asker sees how far it is. */
const AT_ONCE_MS = 2_000;

export interface JudgeAgainSources {
  /** Throws ContractFailure where it can't be changed. */
  readonly session: () => Session;
  readonly settings: (search: Fitting) => RuleSettings;
  /** @default AT_ONCE_MS */
  readonly atOnceMs?: number;
}

export function judgeAgainHandlers(engine: Engine): Pick<Handlers, JudgeAgainRequestName> {
  return judgeAgainHandlersOf({ session: () => writable(engine), settings: (search) => engine.ruleSettings(search) });
}

/** The handlers over any session and rules. */
export function judgeAgainHandlersOf(sources: JudgeAgainSources): Pick<Handlers, JudgeAgainRequestName> {
  const { session, settings, atOnceMs = AT_ONCE_MS } = sources;
  const judge = (own: Session, id: number): { readonly before: Verdict | null; readonly now: Verdict } | string => {
    const detail = own.get(id) ?? missing(id);
    const judged = judgedAgain(own, detail, settings);
    if (typeof judged === "string") return judged;
    own.update(id, judged);
    return { before: detail.verdict, now: judged.verdict };
  };
  return {
    "exchange.judge_again": ({ id }) => {
      const judged = judge(session(), id);
      if (typeof judged === "string")
        throw new ContractFailure("not_judged_again", `Exchange ${id} can't be judged again: ${judged}.`, 409);
      return judged;
    },
    "session.judge_again": ({ filter, after = 0 }) => {
      const own = session();
      const until = performance.now() + atOnceMs;
      return judgeUntil(until, own.ids(filterOf(filter).filter, after), (id) => judge(own, id));
    },
  };
}

type Judge = (id: number) => { readonly before: Verdict | null; readonly now: Verdict } | string;

/** `until`: on the clock of `performance.now`; one is judged at least. */
async function judgeUntil(until: number, ids: AsyncGenerator<number>, judge: Judge): Promise<JudgedAgainCounts> {
  const [changed, left] = [new Map<string, number>(), new Map<string, number>()];
  let judged = 0;
  for await (const id of ids) {
    const told = judge(id);
    if (typeof told === "string") count(left, told);
    else judged += 1;
    if (typeof told !== "string" && told.before !== told.now) count(changed, `${told.before ?? "none"} ${told.now}`);
    if (performance.now() > until) return countsOf(id);
  }
  return countsOf(null);

  function countsOf(next: number | null): JudgedAgainCounts {
    return {
      judged,
      changed: [...changed].map(([turn, exchanges]) => ({ turn, exchanges })),
      left: [...left].map(([why, exchanges]) => ({ why, exchanges })),
      next,
    };
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
