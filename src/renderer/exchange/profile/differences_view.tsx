// Two profiles beside each other: this one, and another of this exchange's or of another's. What is the same in both is left out.
import { type ReactElement, useState } from "react";
import type { ExchangeProfile } from "../../../shared/exchange_profile.ts";
import { useCall } from "../../api/hooks.ts";
import { strings } from "../../strings.ts";
import { times } from "../../ui/format.ts";
import { State } from "../../ui/state.tsx";
import { differencesOf, type FigureDifference, figuresOf } from "./figures.ts";
import { shownFigure } from "./figures_view.tsx";
import type { Shown } from "./lanes.ts";

const WORDS = strings.profile;

interface DifferencesViewProps {
  readonly profile: ExchangeProfile;
  /** 0: as it went by; else the number of a run. */
  readonly chosen: number;
}

export function DifferencesView({ profile, chosen }: DifferencesViewProps): ReactElement {
  const [id, setId] = useState("");
  const other = /^[0-9]{1,15}$/.test(id) && Number(id) !== profile.id ? Number(id) : null;
  const answer = useCall("exchange.profile", { id: other ?? profile.id }, { enabled: other !== null });
  const before = other === null ? ofItself(profile, chosen) : answer.data === undefined ? null : ofOther(answer.data);
  return (
    <div className="profile-differences">
      <label className="flame-tools s2">
        {WORDS.compareWith}: {WORDS.other}
        <input
          className="field"
          inputMode="numeric"
          placeholder={WORDS.otherHint}
          value={id}
          onChange={(event) => setId(event.target.value.trim())}
        />
        <span className="mut" role="status">
          {other !== null && answer.isError ? answer.error.message : (before?.name ?? "")}
        </span>
      </label>
      {before === null ? (
        <State title={WORDS.view.differences}>{WORDS.chooseOther}</State>
      ) : (
        <Differences rows={differencesOf(figuresOf(before.shown), figuresOf(shownOf(profile, chosen)))} />
      )}
    </div>
  );
}

/** The exchange as it went by, or one of its runs. */
export function shownOf(profile: ExchangeProfile, chosen: number): Shown {
  return profile.runs.find(({ run }) => run === chosen) ?? profile;
}

interface Named {
  readonly name: string;
  readonly shown: Shown;
}

// The run before the one that is shown; without one, what went by, which has phases and ClickHouse's figures.
function ofItself(profile: ExchangeProfile, chosen: number): Named | null {
  const earlier = profile.runs.find(({ run }) => run < chosen);
  if (earlier !== undefined) return { name: WORDS.itself(WORDS.run(earlier.run)), shown: earlier };
  return chosen === 0 ? null : { name: WORDS.itself(WORDS.byItself), shown: profile };
}

function ofOther(other: ExchangeProfile): Named {
  const [run] = other.runs;
  return { name: WORDS.otherRun(other.id, run === undefined ? WORDS.byItself : WORDS.run(run.run)), shown: run ?? other };
}

function Differences({ rows }: { readonly rows: readonly FigureDifference[] }): ReactElement {
  if (rows.length === 0) return <p className="flame-empty mut">{WORDS.same}</p>;
  const groups = [...new Set(rows.map(({ group }) => group))];
  return (
    <table className="figure-table" aria-label={WORDS.view.differences}>
      <thead>
        <tr>
          <th scope="col" />
          {[WORDS.before, WORDS.after, WORDS.change].map((name) => (
            <th key={name} scope="col" className="num">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      {groups.map((group) => (
        <tbody key={group}>
          <tr>
            <th scope="rowgroup" colSpan={4} className="group">
              {WORDS.groups[group]}
            </th>
          </tr>
          {rows
            .filter((row) => row.group === group)
            .map((row) => (
              <tr key={row.name}>
                <th scope="row" className="mono cut" title={row.name}>
                  {row.name}
                </th>
                <td className="num">{shownFigure(row.before, row.unit)}</td>
                <td className="num">{shownFigure(row.after, row.unit)}</td>
                <td className="num">{changeOf(row)}</td>
              </tr>
            ))}
        </tbody>
      ))}
    </table>
  );
}

function changeOf({ before, after, unit }: FigureDifference): string {
  if (before === null || after === null) return "";
  const sign = after > before ? "+" : "−";
  const factor = before > 0 && after > 0 ? ` ${times(Math.max(before, after), Math.min(before, after))}` : "";
  return `${sign}${shownFigure(Math.abs(after - before), unit)}${factor}`;
}
