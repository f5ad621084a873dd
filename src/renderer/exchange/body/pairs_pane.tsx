// NDJSON as rows: action and document of a `_bulk` (header and search of an `_msearch`) as one row beside its item of the
// answer; a click opens the document under it.
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactElement, useMemo, useRef, useState } from "react";
import type { ExchangeDetail } from "../../../shared/exchange.ts";
import { strings } from "../../strings.ts";
import { bytes, count } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { LoadingBars, State } from "../../ui/state.tsx";
import { FIRST_BYTES, useBody } from "./body_text.ts";
import { indentJson } from "./indent_json.ts";
import { bulkPairs, msearchPairs, type Pair, type PairAnswer, pairAnswers } from "./pairs.ts";

export function PairsPane({ exchange }: { readonly exchange: ExchangeDetail }): ReactElement {
  const request = useBody(exchange.id, "request");
  const answer = useBody(exchange.id, "elasticsearch", exchange.response !== null);
  const text = request.data?.text;
  const pairs = useMemo(
    () => (text === undefined ? null : exchange.endpoint === "_bulk" ? bulkPairs(text) : msearchPairs(text)),
    [text, exchange.endpoint],
  );
  const answers = useMemo(() => (answer.data?.whole === true ? pairAnswers(answer.data.text) : []), [answer.data]);
  if (request.isError) return <State title={strings.body.unavailable}>{request.error.message}</State>;
  if (pairs === null) return <LoadingBars />;
  if (pairs.length === 0) return <State title={strings.body.empty} />;
  return (
    <>
      {request.data?.whole === false ? (
        <p className="note body-note">{strings.body.firstOnly(bytes(FIRST_BYTES), bytes(request.data.totalBytes))}</p>
      ) : null}
      <PairRows pairs={pairs} answers={answers} />
    </>
  );
}

function PairRows({ pairs, answers }: { readonly pairs: readonly Pair[]; readonly answers: readonly PairAnswer[] }): ReactElement {
  const holder = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<ReadonlySet<number>>(() => new Set());
  const virtual = useVirtualizer({
    count: pairs.length,
    getScrollElement: () => holder.current,
    estimateSize: () => 28,
    overscan: 10,
  });
  const toggle = (position: number) => {
    const next = new Set(open);
    if (!next.delete(position)) next.add(position);
    setOpen(next);
  };
  return (
    <>
      <div className="th pairs-cols">
        <span className="num">#</span>
        <span>{strings.pairs.action}</span>
        <span>{strings.pairs.target}</span>
        <span>{strings.pairs.body}</span>
        <span>{strings.pairs.answer}</span>
      </div>
      <div ref={holder} className="fill scroll">
        <div style={{ height: virtual.getTotalSize(), position: "relative" }}>
          {virtual.getVirtualItems().map((item) => {
            const pair = pairs[item.index];
            if (pair === undefined) return null;
            return (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                style={{ position: "absolute", top: 0, left: 0, right: 0, transform: `translateY(${item.start}px)` }}
              >
                <PairRow pair={pair} answer={answers[item.index]} open={open.has(pair.position)} onToggle={() => toggle(pair.position)} />
              </div>
            );
          })}
        </div>
      </div>
    </>
  );
}

interface PairRowProps {
  readonly pair: Pair;
  readonly answer: PairAnswer | undefined;
  readonly open: boolean;
  readonly onToggle: () => void;
}

function PairRow({ pair, answer, open, onToggle }: PairRowProps): ReactElement {
  return (
    <>
      <button type="button" className="tr pairs-cols pair" aria-expanded={open} onClick={onToggle}>
        <span className="num mut line-up" style={{ gap: 2 }}>
          <Icon name={open ? "down" : "right"} size={12} />
          {count(pair.position + 1)}
        </span>
        <span className="mono">{pair.action}</span>
        <span className="mono cut" title={`${pair.index} ${pair.id}`}>
          <span className="mut">{pair.index}</span> {pair.id}
        </span>
        <span className="mono cut dim">{pair.body ?? ""}</span>
        <span className={`cut ${answer?.failed === true ? "different" : "mut"}`} title={answer?.result}>
          {answer?.status ?? ""} {answer?.result ?? ""}
        </span>
      </button>
      {open ? <pre className="pair-body mono">{indentJson(`${pair.head}\n${pair.body ?? ""}`)}</pre> : null}
    </>
  );
}
