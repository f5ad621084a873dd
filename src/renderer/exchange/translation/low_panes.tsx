// Under the translation: the clause that is pointed at, the parameters, and what the statement cost.
import type { ReactElement } from "react";
import type { SqlParameter, StatementRun } from "../../../shared/exchange.ts";
import { strings } from "../../strings.ts";
import { bytes, count, ms, NONE } from "../../ui/format.ts";
import { clauseNote } from "./clause_notes.ts";
import type { Clause } from "./clauses.ts";

export function AtHand({ clause, clauses }: { readonly clause: Clause | null; readonly clauses: readonly Clause[] }): ReactElement {
  return (
    <section className="clause-at-hand">
      <div className="low-head">
        <b className="b">{strings.translation.atHand}</b>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keys too */}
      <div className="low-body" tabIndex={0}>
        {clause === null ? (
          <p className="mut">{clauses.length === 0 ? strings.translation.noSpans : strings.translation.pointAtOne}</p>
        ) : (
          <p>
            <span className="clause-letter on">{clause.letter}</span> <span className="mono breakable">{clause.pointer}</span>
            <br />
            <span className="mut">{strings.translation.pieces(clause.sql.length)}</span>
            <br />
            <ClauseRule pointer={clause.pointer} />
          </p>
        )}
      </div>
    </section>
  );
}

function ClauseRule({ pointer }: { readonly pointer: string }): ReactElement {
  const { name, note } = clauseNote(pointer);
  return (
    <>
      <b className="mono b">{name}</b> <span className="dim">{note === "" ? strings.translation.exact : note}</span>
    </>
  );
}

export function Parameters({ params, used }: { readonly params: readonly SqlParameter[]; readonly used: string }): ReactElement {
  return (
    <section>
      <div className="low-head">
        <b className="b">{strings.translation.parameters}</b>
        <span className="mut cut">{strings.translation.parametersHint}</span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keys too */}
      <div className="fill scroll" tabIndex={0}>
        {params.length === 0 ? <p className="low-body mut">{strings.translation.noParameters}</p> : null}
        {params.map((param) => (
          <div key={param.name} className={`tr parameter${used.includes(`{${param.name}:`) ? " linked-on" : ""}`}>
            <span className="mono b">{param.name}</span>
            <span className="mono mut cut" title={param.type}>
              {param.type}
            </span>
            <span className="mono cut" title={param.value}>
              {param.value}
            </span>
          </div>
        ))}
      </div>
    </section>
  );
}

export function Cost({ statement }: { readonly statement: StatementRun | undefined }): ReactElement {
  const lines = [
    [strings.translation.cost.time, statement?.ms === null || statement === undefined ? NONE : `${ms(statement.ms)} ms`],
    [strings.translation.cost.rows, count(statement?.rows)],
    [strings.translation.cost.readRows, count(statement?.readRows)],
    [strings.translation.cost.readBytes, bytes(statement?.readBytes)],
    [strings.translation.cost.memory, bytes(statement?.memoryBytes)],
  ] as const;
  return (
    <section>
      <div className="low-head">
        <b className="b">{strings.translation.run}</b>
        <span className="mut cut">{statement?.name ?? ""}</span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, by keys too */}
      <div className="low-body" tabIndex={0}>
        {statement?.error === null || statement === undefined ? null : <p className="note different breakable">{statement.error}</p>}
        {lines.map(([label, value]) => (
          <div key={label} className="pair-line">
            <span className="dim">{label}</span>
            <span className="num">{value}</span>
          </div>
        ))}
      </div>
    </section>
  );
}
