// The figures of a profile: bytes on the wire, ClickHouse's statements with their source, and all ProfileEvents.
import type { ReactElement } from "react";
import type { ClickHouseProfile, ProfilePart, StatementProfile, WireBytes } from "../../../shared/exchange_profile.ts";
import { strings } from "../../strings.ts";
import { bytes, count, micros, NONE } from "../../ui/format.ts";
import { type FigureUnit, unitOf } from "./figures.ts";

const WORDS = strings.profile;

interface FiguresViewProps {
  readonly wire: WireBytes;
  readonly clickhouse: ProfilePart<ClickHouseProfile>;
}

export function FiguresView({ wire, clickhouse }: FiguresViewProps): ReactElement {
  const statements = clickhouse.state === "there" ? clickhouse.value.statements : [];
  return (
    <div className="profile-figures">
      <div className="block">
        <div className="sec">
          <b>{WORDS.wire}</b>
        </div>
        <Fact label={WORDS.wireRequest}>{WORDS.wireBytes(wire.request.head, wire.request.body)}</Fact>
        <Fact label={WORDS.wireResponse}>{wire.response === null ? NONE : WORDS.wireBytes(wire.response.head, wire.response.body)}</Fact>
        <Fact label={WORDS.wireClickHouse}>
          {wire.clickhouse === null ? NONE : WORDS.wireBoth(wire.clickhouse.sent, wire.clickhouse.received)}
        </Fact>
      </div>
      {statements.length === 0 ? null : <Statements statements={statements} />}
      {statements.map((statement) => (
        <Events key={`${statement.search} ${statement.name}`} statement={statement} />
      ))}
      {statements.map((statement) => (
        <Pipeline key={`${statement.search} ${statement.name}`} statement={statement} />
      ))}
    </div>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: string }): ReactElement {
  return (
    <div className="fact">
      <span className="dim">{label}</span>
      <span>{children}</span>
    </div>
  );
}

function Statements({ statements }: { readonly statements: readonly StatementProfile[] }): ReactElement {
  const { columns } = WORDS;
  return (
    <div className="block">
      <div className="scroll">
        <table className="figure-table" aria-label={WORDS.lane.clickhouse}>
          <thead>
            <tr>
              <th scope="col">{columns.statement}</th>
              {[columns.took, columns.waited, columns.read, columns.memory, columns.threads].map((name) => (
                <th key={name} scope="col" className="num">
                  {name}
                </th>
              ))}
              <th scope="col">{columns.source}</th>
            </tr>
          </thead>
          <tbody>
            {statements.map((one) => (
              <tr key={`${one.search} ${one.name}`}>
                <th scope="row" className="mono" title={one.queryId ?? ""}>
                  {WORDS.statement(one.search, one.name)}
                </th>
                <td className="num">{one.from === null || one.to === null ? NONE : micros(one.to - one.from)}</td>
                <td className="num">{one.waitedUs === null ? NONE : micros(one.waitedUs)}</td>
                <td className="num">{one.readRows === null ? NONE : WORDS.readRows(count(one.readRows), bytes(one.readBytes))}</td>
                <td className="num">{bytes(one.memoryBytes)}</td>
                <td className="num">{count(one.peakThreads)}</td>
                <td className="mut">{one.error ?? WORDS.source[one.source]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Events({ statement }: { readonly statement: StatementProfile }): ReactElement | null {
  const events = Object.entries(statement.events).toSorted(([a], [b]) => a.localeCompare(b));
  if (events.length === 0) return null;
  return (
    <details className="profile-events">
      <summary className="s2">
        {WORDS.events(WORDS.statement(statement.search, statement.name))} <span className="mut">{count(events.length)}</span>
      </summary>
      <div>
        {events.map(([name, value]) => (
          <div key={name} className="pair-line s2">
            <span className="mono dim cut" title={name}>
              {name}
            </span>
            <span className="num">{shownFigure(value, unitOf(name))}</span>
          </div>
        ))}
      </div>
    </details>
  );
}

function Pipeline({ statement }: { readonly statement: StatementProfile }): ReactElement | null {
  if (statement.pipeline.length === 0) return null;
  return (
    <details className="profile-events">
      <summary className="s2">{WORDS.pipeline(WORDS.statement(statement.search, statement.name))}</summary>
      <pre className="mono scroll">{statement.pipeline.join("\n")}</pre>
    </details>
  );
}

/** A figure with its unit. */
export function shownFigure(value: number | null, unit: FigureUnit): string {
  if (value === null) return NONE;
  switch (unit) {
    case "us":
      return micros(value);
    case "bytes":
      return bytes(value);
    case "count":
      return count(value);
  }
}
