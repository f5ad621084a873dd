// What two profiles have of each function, the largest change first.
import type { ReactElement } from "react";
import type { FlameNode } from "../../shared/flame.ts";
import { functionDifferences } from "../../shared/function_differences.ts";
import { strings } from "../strings.ts";
import { percent } from "../ui/format.ts";

const WORDS = strings.profiles;
const MOST_ROWS = 200;

interface DifferenceTableProps {
  readonly title: string;
  readonly before: FlameNode;
  readonly after: FlameNode;
  readonly format: (value: number) => string;
}

export function DifferenceTable({ title, before, after, format }: DifferenceTableProps): ReactElement {
  const rows = functionDifferences(before, after).slice(0, MOST_ROWS);
  return (
    <>
      <p className="s2 mut profiles-compared">{WORDS.compareWith(title)}</p>
      <table className="flame-table" aria-label={WORDS.compareWith(title)}>
        <thead>
          <tr>
            <th scope="col">{strings.flame.columns.name}</th>
            <th scope="col" className="num">
              {WORDS.before}
            </th>
            <th scope="col" className="num">
              {WORDS.after}
            </th>
            <th scope="col" className="num">
              {WORDS.change}
            </th>
            <th scope="col">{strings.flame.columns.where}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.name} ${row.where}`}>
              <th scope="row" className="mono cut" title={row.name}>
                {row.name}
              </th>
              <td className="num">{`${format(row.before)} · ${percent(row.before, before.value)}`}</td>
              <td className="num">{`${format(row.after)} · ${percent(row.after, after.value)}`}</td>
              <td className="num">{signed(row.afterShare - row.beforeShare)}</td>
              <td className="mono mut cut" title={row.where}>
                {row.where}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

function signed(share: number): string {
  const points = (share * 100).toFixed(1);
  return WORDS.points(share > 0 ? `+${points}` : points.replace("-", "−"));
}
