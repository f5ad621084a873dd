// Two lanes on one axis from 0: light = waiting, full = bytes, hatch = our own work, dashes = waits to be compared. A
// vertical line stands where the client had its answer. The legend carries the figures.
import type { ReactElement } from "react";
import type { ExchangeDetail } from "../../../shared/exchange.ts";
import { strings } from "../../strings.ts";
import { duration } from "../../ui/format.ts";
import { Side } from "../../ui/side.tsx";
import { isAlone } from "../alone.ts";
import { type Phase, type PhaseKind, phasesOf } from "./phases.ts";

export function Waterfall({ exchange }: { readonly exchange: ExchangeDetail }): ReactElement | null {
  const alone = isAlone(exchange);
  const phases = phasesOf(exchange.timings, alone);
  const end = Math.max(0, ...phases.map((phase) => phase.to));
  if (end <= 0) return null;
  const scale = niceEnd(end);
  const share = (at: number) => `${((at / scale.end) * 100).toFixed(3)}%`;
  const answered = exchange.timings.lastByte;
  const lanes = alone ? (["ch"] as const) : phases.some((phase) => phase.lane === "ch") ? (["es", "ch"] as const) : (["es"] as const);
  return (
    <div className="block">
      <div className="sec">
        <b>{strings.overview.time}</b>
        <span>{alone ? strings.overview.alone : strings.overview.waitedFor}</span>
      </div>
      <div className="waterfall" role="img" aria-label={label(phases)}>
        <div className="ground" style={{ backgroundSize: `${(scale.step / scale.end) * 100}% 100%` }} />
        <div className="axis">
          {scale.ticks.map((tick) => (
            <span key={tick} style={{ left: share(tick) }}>
              {tick === 0 ? "0" : tick}
            </span>
          ))}
        </div>
        {answered === undefined ? null : (
          <Answered at={share(answered)} text={strings.overview.answered(duration(answered))} late={answered / scale.end > 0.6} />
        )}
        {lanes.map((lane) => (
          <div key={lane} className="lane">
            <Side side={lane} />
            {phases
              .filter((phase) => phase.lane === lane)
              .map((phase) => (
                <i
                  key={`${phase.kind}${phase.from}`}
                  className={`phase ${phase.kind}`}
                  style={{ left: share(phase.from), width: share(phase.to - phase.from) }}
                  title={`${strings.overview.phase[phase.kind]}: ${duration(phase.to - phase.from)}`}
                />
              ))}
          </div>
        ))}
      </div>
      <Legend phases={phases} />
    </div>
  );
}

function Answered({ at, text, late }: { readonly at: string; readonly text: string; readonly late: boolean }): ReactElement {
  return (
    <div className="answered-ground">
      <div className="answered" style={{ left: at }}>
        <span className={late ? "before" : "after"}>{text}</span>
      </div>
    </div>
  );
}

function label(phases: readonly Phase[]): string {
  return phases.map((phase) => `${strings.overview.phase[phase.kind]} ${duration(phase.to - phase.from)}`).join(", ");
}

interface Scale {
  readonly end: number;
  readonly step: number;
  readonly ticks: readonly number[];
}

/** An axis with at most five round steps, and some room after the last phase. */
function niceEnd(end: number): Scale {
  const wanted = (end * 1.06) / 4;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= wanted) ?? wanted;
  const ticks = Array.from({ length: 5 }, (_, i) => Number((i * step).toPrecision(6))).filter((tick) => tick < end);
  return { end: end * 1.06, step, ticks };
}

const LEGEND: readonly (readonly [PhaseKind, "es" | "ch" | null])[] = [
  ["es-wait", "es"],
  ["es-read", "es"],
  ["ch-wait", "ch"],
  ["ch-query", "ch"],
  ["ch-read", "ch"],
  ["own", null],
];

function Legend({ phases }: { readonly phases: readonly Phase[] }): ReactElement {
  const sum = (kind: PhaseKind) => phases.filter((phase) => phase.kind === kind).reduce((total, phase) => total + phase.to - phase.from, 0);
  return (
    <div className="legend">
      {LEGEND.filter(([kind]) => phases.some((phase) => phase.kind === kind)).map(([kind]) => (
        <div key={kind}>
          <i className={`phase ${kind}`} />
          <span>{strings.overview.phase[kind]}</span>
          <span className="num">{duration(sum(kind))}</span>
        </div>
      ))}
    </div>
  );
}
