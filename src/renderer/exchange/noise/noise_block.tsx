// A search asked several times of each side: begun, followed and stopped here; where each side disagrees with itself, what the differences
// stand on, and what of it is to be left open from now on.
import { useQueryClient } from "@tanstack/react-query";
import { type ReactElement, useEffect, useRef, useState } from "react";
import type { ExchangeDetail } from "../../../shared/exchange.ts";
import { DEFAULT_TIMES, MOST_TIMES, type NoiseFound, type NoiseProbe } from "../../../shared/noise.ts";
import { useAction } from "../../api/hooks.ts";
import { RememberedNoiseOf } from "../../noise/remembered_noise.tsx";
import { strings } from "../../strings.ts";
import { count } from "../../ui/format.ts";
import { NoisySideTable } from "./noisy_side_table.tsx";
import { useProbe } from "./use_probe.ts";
import "./noise.css";

const WORDS = strings.noise;
const TIMES = [DEFAULT_TIMES, 10, MOST_TIMES];

export function NoiseBlock({ exchange }: { readonly exchange: ExchangeDetail }): ReactElement | null {
  if (exchange.kind !== "search" || exchange.searches.length === 0) return null;
  return <Probing key={exchange.id} exchange={exchange} />;
}

function Probing({ exchange }: { readonly exchange: ExchangeDetail }): ReactElement {
  const { id, shape } = exchange;
  const { state, running, error, start, stop } = useProbe(id);
  const [times, setTimes] = useState(DEFAULT_TIMES);
  const section = useRef<HTMLElement>(null);
  // It may have begun by the button below the tabs.
  useEffect(() => {
    if (running) section.current?.scrollIntoView({ block: "nearest" });
  }, [running]);
  const problem = error?.message ?? (state?.state === "failed" ? state.problem || WORDS.failed : "");
  return (
    <section ref={section} className="block noise" aria-label={WORDS.title}>
      <div className="sec">
        <b>{WORDS.title}</b>
        {state === undefined || state.state === "none" ? null : (
          <span role="status">{WORDS.progress(count(state.asked), count(2 * state.times))}</span>
        )}
        <span className="grow" />
        {running ? (
          <button type="button" className="btn small" onClick={stop}>
            {WORDS.stop}
          </button>
        ) : (
          <>
            <select className="field" aria-label={WORDS.times} value={times} onChange={(event) => setTimes(Number(event.target.value))}>
              {TIMES.map((n) => (
                <option key={n} value={n}>
                  {WORDS.timesOf(n)}
                </option>
              ))}
            </select>
            <button type="button" className="btn small" onClick={() => start(times)}>
              {state?.result == null ? WORDS.start : WORDS.again}
            </button>
          </>
        )}
      </div>
      {problem === "" ? null : (
        <p className="s2 different" role="alert">
          {problem}
        </p>
      )}
      {state?.result == null ? <p className="s2 mut">{WORDS.advice}</p> : <Found probe={state} found={state.result} id={id} />}
      <RememberedNoiseOf shape={state?.result?.shape ?? shape} />
    </section>
  );
}

function Found({ probe, found, id }: { readonly probe: NoiseProbe; readonly found: NoiseFound; readonly id: number }): ReactElement {
  return (
    <>
      {found.disturbed === "" ? (
        <p className="s2">{WORDS.standing(found.standing, count(found.withinNoise), count(found.differences))}</p>
      ) : (
        <p className="note different">{WORDS.disturbed(found.disturbed)}</p>
      )}
      {found.standing !== "partly" || found.disturbed !== "" ? null : (
        <ul className="noise-beyond mono s2">
          {found.beyond.map((path) => (
            <li key={path} className="breakable">
              {path}
            </li>
          ))}
        </ul>
      )}
      <NoisySideTable side="elasticsearch" noise={found.elasticsearch} />
      <NoisySideTable side="clickhouse" noise={found.clickhouse} />
      {found.known.length === 0 || found.disturbed !== "" || probe.remembered ? null : <Remember id={id} places={found.known.length} />}
    </>
  );
}

function Remember({ id, places }: { readonly id: number; readonly places: number }): ReactElement {
  const client = useQueryClient();
  const remember = useAction("noise.remember");
  const shown = () => {
    void client.invalidateQueries({ queryKey: ["noise.list"] });
    void client.invalidateQueries({ queryKey: ["exchange.probe_state", { id }] });
  };
  return (
    <div className="line-up noise-remember">
      <button
        type="button"
        className="btn small"
        disabled={remember.isPending}
        onClick={() => remember.mutate({ id }, { onSuccess: shown })}
      >
        {WORDS.remember}
      </button>
      <span className="s2 mut">{WORDS.rememberHint(places)}</span>
      {remember.isError ? (
        <span className="s2 different" role="alert">
          {remember.error.message}
        </span>
      ) : null}
    </div>
  );
}
