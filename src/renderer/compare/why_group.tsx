// Why the searches of the group at hand differ: counted by cause, as far as it was asked. One kind is asked for at a time, so that the
// counts grow while one looks and a press stops it.
import { useQueryClient } from "@tanstack/react-query";
import { type ReactElement, useEffect, useRef, useState } from "react";
import type { CauseCount, ComparePlaceQuery, ExplainedKind, WhyAnswer } from "../../shared/compare.ts";
import { ask } from "../api/ask.ts";
import { useCall, useTransport } from "../api/hooks.ts";
import { useSharedFile } from "../api/shared_file.ts";
import { printRoute } from "../route.ts";
import { strings } from "../strings.ts";
import { both } from "../traffic/filter_language.ts";
import { count } from "../ui/format.ts";
import { trafficFilter } from "./place.ts";

const WORDS = strings.compare.why;

export function WhyGroup({ place }: { readonly place: ComparePlaceQuery }): ReactElement | null {
  const why = useCall("compare.why", place, { keep: true }).data;
  const asking = useAsking(place);
  const shared = useSharedFile();
  if (why === undefined || why.differing === 0 || (shared && why.causes.length === 0)) return null;
  return (
    <section className="compare-why" aria-label={WORDS.title(why.differing)}>
      <h3>
        {WORDS.title(why.differing)}
        {shared ? null : <Press why={why} asking={asking} />}
      </h3>
      {asking.refusal === "" ? null : (
        <p className="note different" role="alert">
          {asking.refusal}
        </p>
      )}
      {asking.running ? (
        <progress value={known(why)} max={known(why) + why.waiting} aria-label={WORDS.asked(known(why), known(why) + why.waiting)} />
      ) : null}
      <p className="s2 mut" role="status">
        {why.causes.length === 0 && !asking.running ? WORDS.notAsked(why.kinds) : summary(why)}
      </p>
      <ul>
        {why.causes.map((cause) => (
          <Cause key={cause.cause} cause={cause} place={place} />
        ))}
      </ul>
    </section>
  );
}

function known({ causes }: WhyAnswer): number {
  return causes.reduce((sum, { kinds }) => sum + kinds.length, 0);
}

function summary(why: WhyAnswer): string {
  const standFor = why.causes.reduce((sum, { searches }) => sum + searches, 0);
  return WORDS.explained(known(why), why.kinds, count(standFor), count(why.differing));
}

interface Asking {
  readonly running: boolean;
  readonly refusal: string;
  readonly start: (again: boolean) => void;
  readonly stop: () => void;
}

function useAsking(place: ComparePlaceQuery): Asking {
  const client = useQueryClient();
  const transport = useTransport();
  const [running, setRunning] = useState(false);
  const [refusal, setRefusal] = useState("");
  const wanted = useRef(false);
  useEffect(
    () => () => {
      wanted.current = false;
    },
    [],
  );
  const start = async (again: boolean): Promise<void> => {
    wanted.current = true;
    setRunning(true);
    setRefusal("");
    try {
      let first = again;
      let waiting = 1;
      while (wanted.current && waiting > 0) {
        const answer: WhyAnswer = await ask(transport, "compare.why", { ...place, ask: 1, ...(first ? { again: true } : {}) });
        client.setQueryData(["compare.why", place], answer);
        first = false;
        waiting = answer.waiting;
      }
    } catch (error) {
      setRefusal(error instanceof Error ? error.message : String(error));
    }
    setRunning(false);
  };
  return {
    running,
    refusal,
    start: (again) => void start(again),
    stop: () => {
      wanted.current = false;
    },
  };
}

function Press({ why, asking }: { readonly why: WhyAnswer; readonly asking: Asking }): ReactElement {
  if (asking.running) {
    return (
      <button type="button" className="btn small" onClick={asking.stop}>
        {WORDS.stop}
      </button>
    );
  }
  const again = why.waiting === 0;
  return (
    <button type="button" className="btn small" title={WORDS.hint} onClick={() => asking.start(again)}>
      {again ? WORDS.again : known(why) > 0 ? WORDS.rest(why.waiting) : WORDS.ask}
    </button>
  );
}

function Cause({
  cause: { cause, searches, kinds },
  place,
}: {
  readonly cause: CauseCount;
  readonly place: ComparePlaceQuery;
}): ReactElement {
  return (
    <li>
      <b className="num">{count(searches)}</b>
      <div>
        <b>{cause}</b>
        <ul>
          {[...new Set(kinds.map(({ sentence }) => sentence))].map((sentence) => (
            <li key={sentence}>
              <p>{sentence}</p>
              {kinds.map((kind) =>
                kind.sentence === sentence ? <Kind key={`${kind.exchange} ${kind.position}`} kind={kind} place={place} /> : null,
              )}
            </li>
          ))}
        </ul>
      </div>
    </li>
  );
}

function Kind({
  kind: { exchange, path, shape, searches },
  place,
}: {
  readonly kind: ExplainedKind;
  readonly place: ComparePlaceQuery;
}): ReactElement {
  const { filter = "", ...within } = place;
  const inTraffic = both(trafficFilter(filter, { ...within, shape }), "~verdict different");
  return (
    <p className="s1 mut compare-why-links">
      <a href={printRoute({ page: "exchange", id: exchange, tab: "responses" })} title={path}>
        {WORDS.exchange(exchange)}
      </a>
      <a href={printRoute({ page: "traffic", filter: inTraffic })}>{WORDS.all(searches)}</a>
    </p>
  );
}
