// A line a name: how often, how it went, how long it took.
import type { ReactElement } from "react";
import { type Measure, type NamedMeasure, PERCENTILES, type RouteMeasure, THRESHOLDS } from "../../shared/statistics.ts";
import { strings } from "../strings.ts";
import { count, ms } from "../ui/format.ts";

const WORDS = strings.statistics;

interface MeasureTableProps {
  readonly label: string;
  readonly measures: readonly (NamedMeasure | RouteMeasure)[];
  readonly other: Measure | null;
  /** The names are paths and the like. */
  readonly mono?: boolean;
}

export function MeasureTable({ label, measures, other, mono = false }: MeasureTableProps): ReactElement {
  const most = Math.max(1, ...measures.map((measure) => measure.count));
  return (
    <div className="scroll">
      <table className="measures" aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{WORDS.columns.name}</th>
            <th scope="col" className="num on">
              {WORDS.columns.count} ↓
            </th>
            <th scope="col" className="num">
              {WORDS.columns.refused}
            </th>
            <th scope="col" className="num">
              {WORDS.columns.failed}
            </th>
            <th scope="col" className="num">
              {WORDS.columns.average}
            </th>
            {PERCENTILES.map((percent) => (
              <th scope="col" key={percent} className={`num${isRare(percent) ? " rare" : ""}`}>
                {WORDS.percentile(percent)}
              </th>
            ))}
            <th scope="col" className="num">
              {WORDS.columns.max}
            </th>
            {THRESHOLDS.map((seconds) => (
              <th scope="col" key={seconds} className="num rare">
                {WORDS.over(seconds)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {measures.map((measure) => (
            <MeasureRow key={measure.name} name={measure.name} measure={measure} most={most} mono={mono} />
          ))}
          {other === null ? null : <MeasureRow name={WORDS.other} measure={other} most={most} mono={false} />}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly name: string;
  readonly measure: Measure | RouteMeasure;
  readonly most: number;
  readonly mono: boolean;
}

function MeasureRow({ name, measure, most, mono }: RowProps): ReactElement {
  const unmatched = "matched" in measure && !measure.matched;
  return (
    <tr>
      <th scope="row" title={name}>
        <span className="measure-name">
          <span className={`cut${mono ? " mono" : ""}`}>{name}</span>
          {unmatched ? <span className="s1 mut nowrap">{WORDS.unmatchedMark}</span> : null}
        </span>
        <i className="measure-bar" style={{ width: `${Math.min(100, (measure.count / most) * 100)}%` }} />
      </th>
      <td className="num">{count(measure.count)}</td>
      <td className="num">{figure(measure.refused)}</td>
      <td className={`num${measure.failed > 0 ? " different" : ""}`}>{figure(measure.failed)}</td>
      <td className="num">{ms(measure.averageMs)}</td>
      {PERCENTILES.map((percent) => (
        <td key={percent} className={`num${percent === 50 ? " m" : ""}${isRare(percent) ? " rare" : ""}`}>
          {ms(measure.percentiles[percent])}
        </td>
      ))}
      <td className="num">{ms(measure.maxMs)}</td>
      {THRESHOLDS.map((seconds) => (
        <td key={seconds} className="num rare">
          {figure(measure.overThresholds[seconds])}
        </td>
      ))}
    </tr>
  );
}

/** Left out where there is no room for all. */
function isRare(percent: number): boolean {
  return percent !== 50 && percent !== 95;
}

/** A zero steps back, so that what is not one is seen. */
function figure(value: number): ReactElement | string {
  return value === 0 ? <span className="mut">0</span> : count(value);
}
