// All searches of the place judged again by the rules of now, a piece at a time, so that one sees how far it is and a press stops it.
import { useQueryClient } from "@tanstack/react-query";
import { type ReactElement, useEffect, useRef, useState } from "react";
import type { JudgedAgainCounts } from "../../shared/judge_again.ts";
import { ask } from "../api/ask.ts";
import { invalidate, useTransport } from "../api/hooks.ts";
import { strings } from "../strings.ts";
import { count } from "../ui/format.ts";

const WORDS = strings.judgeAgain;
const SHOWN = ["compare.groups", "compare.points", "compare.why", "exchanges.list", "verdicts.get"] as const;

interface Sum {
  readonly judged: number;
  readonly changed: number;
  readonly left: number;
}

const NONE: Sum = { judged: 0, changed: 0, left: 0 };

/** `filter`: which searches; "" for all. */
export function JudgeAgain({ filter }: { readonly filter: string }): ReactElement {
  const client = useQueryClient();
  const transport = useTransport();
  const [running, setRunning] = useState(false);
  const [sum, setSum] = useState<Sum | null>(null);
  const [refusal, setRefusal] = useState("");
  const wanted = useRef(false);
  useEffect(
    () => () => {
      wanted.current = false;
    },
    [],
  );
  const run = async (): Promise<void> => {
    wanted.current = true;
    setRunning(true);
    setRefusal("");
    setSum(NONE);
    try {
      for (let next: number | null = 0; next !== null && wanted.current; ) {
        const asked = { filter: filter === "" ? "~kind search" : filter, ...(next === 0 ? {} : { after: next }) };
        const counts: JudgedAgainCounts = await ask(transport, "session.judge_again", asked);
        setSum((before) => added(before ?? NONE, counts));
        invalidate(client, SHOWN);
        next = counts.next;
      }
    } catch (error) {
      setRefusal(error instanceof Error ? error.message : String(error));
    }
    setRunning(false);
  };
  const stop = (): void => {
    wanted.current = false;
  };
  return (
    <span className="compare-judge">
      {sum === null ? null : (
        <span className="s2 mut" role="status">
          {running
            ? WORDS.running(count(sum.judged))
            : `${WORDS.done(sum.judged, sum.changed)}${sum.left === 0 ? "" : `, ${WORDS.left(sum.left)}`}`}
        </span>
      )}
      {refusal === "" ? null : (
        <span className="s2 different" role="alert">
          {refusal}
        </span>
      )}
      <button type="button" className="btn small" title={WORDS.allHint} onClick={running ? stop : () => void run()}>
        {running ? WORDS.stop : WORDS.all}
      </button>
    </span>
  );
}

function added({ judged, changed, left }: Sum, more: JudgedAgainCounts): Sum {
  const exchanges = (list: readonly { readonly exchanges: number }[]): number => list.reduce((sum, one) => sum + one.exchanges, 0);
  return { judged: judged + more.judged, changed: changed + exchanges(more.changed), left: left + exchanges(more.left) };
}
