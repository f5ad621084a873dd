// Compares the kept answers of the exchange again by the rules of now, and says what it was beside what it is.
import { useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import type { ExchangeDetail } from "../../../shared/exchange.ts";
import { invalidate, useAction } from "../../api/hooks.ts";
import { useReadOnly } from "../../api/read_only.ts";
import { strings } from "../../strings.ts";

const WORDS = strings.judgeAgain;
/** What a verdict is shown by. */
const SHOWN = [
  "exchange.get",
  "exchanges.list",
  "exchanges.timeline",
  "verdicts.get",
  "compare.groups",
  "compare.points",
  "compare.why",
] as const;

export function JudgeAgainBlock({ exchange: { id, kind, searches } }: { readonly exchange: ExchangeDetail }): ReactElement | null {
  const client = useQueryClient();
  const judge = useAction("exchange.judge_again");
  const readOnly = useReadOnly();
  const answered = searches.some(({ clickhouse, clickhouseBytes }) => clickhouse !== null || clickhouseBytes !== undefined);
  if (readOnly || kind !== "search" || !answered) return null;
  return (
    <section className="block" aria-label={WORDS.title}>
      <div className="sec">
        <b>{WORDS.title}</b>
        {judge.data === undefined ? null : (
          <span role="status">
            {judge.data.before === judge.data.now || judge.data.before === null
              ? WORDS.same(strings.verdict[judge.data.now])
              : WORDS.turned(strings.verdict[judge.data.now], strings.verdict[judge.data.before])}
          </span>
        )}
        <span className="grow" />
        <button
          type="button"
          className="btn small"
          disabled={judge.isPending}
          onClick={() => judge.mutate({ id }, { onSuccess: () => invalidate(client, SHOWN) })}
        >
          {WORDS.one}
        </button>
      </div>
      {judge.isError ? (
        <p className="s2 different" role="alert">
          {judge.error.message}
        </p>
      ) : null}
      <p className="s2 mut">{WORDS.oneHint}</p>
    </section>
  );
}
