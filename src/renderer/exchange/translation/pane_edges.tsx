// What stands above and below the two panes: which statement is shown, and what can be done with its SQL.
import type { ReactElement } from "react";
import type { SearchPart, StatementRun } from "../../../shared/exchange.ts";
import { CommandKey } from "../../frame/command_key.tsx";
import { strings } from "../../strings.ts";
import { CopyButton, Segments } from "../../ui/controls.tsx";
import { ms } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { SideHead } from "../../ui/side.tsx";

export function DslHead({ part, clauses }: { readonly part: SearchPart; readonly clauses: number }): ReactElement {
  return (
    <SideHead side="es">
      <b className="b">{strings.translation.dsl}</b>
      <span className="mut cut">{strings.translation.clauses(clauses, part.comparison.unsupported.length)}</span>
      <span className="grow" />
      <CopyButton text={part.body} />
    </SideHead>
  );
}

interface SqlHeadProps {
  readonly part: SearchPart;
  readonly value: string;
  readonly sql: string;
  readonly onChange: (name: string) => void;
}

export function SqlHead({ part, value, sql, onChange }: SqlHeadProps): ReactElement {
  return (
    <SideHead side="ch">
      <b className="b">{strings.translation.sql}</b>
      {part.statements.length === 0 ? null : (
        <Segments<string>
          small
          bare
          label={strings.translation.statements}
          value={value}
          choices={part.statements.map((statement) => ({
            value: statement.name,
            title: statement.error ?? statement.name,
            label: (
              <>
                {statement.error === null ? null : <Icon name="failed" size={12} />}
                {statement.name} <span className="mut">{stateOf(statement)}</span>
              </>
            ),
          }))}
          onChange={onChange}
        />
      )}
      <span className="grow" />
      {sql === "" ? null : <CopyButton text={sql} />}
    </SideHead>
  );
}

function stateOf({ error, ms: took }: StatementRun): string {
  if (error !== null) return strings.translation.refused;
  return took === null ? strings.translation.notSent : `${ms(took)} ms`;
}

interface SqlFootProps {
  readonly editing: boolean;
  readonly busy: boolean;
  readonly onEdit: () => void;
  readonly onExplain: () => void;
  readonly onRun: () => void;
}

export function SqlFoot({ editing, busy, onEdit, onExplain, onRun }: SqlFootProps): ReactElement {
  return (
    <div className="sql-foot">
      <button type="button" className="btn small" aria-pressed={editing} onClick={onEdit}>
        <Icon name={editing ? "close" : "edit"} />
        {editing ? strings.translation.asTranslated : strings.translation.edit}
        {editing ? null : <CommandKey of="editSql" />}
      </button>
      <span className="mut s2 cut wide-detail">{strings.translation.editHint}</span>
      <span className="grow" />
      <button type="button" className="btn small" disabled={busy} onClick={onExplain}>
        {strings.translation.explain}
      </button>
      <button type="button" className="btn small ink" disabled={busy} onClick={onRun}>
        <Icon name="play" />
        {busy ? strings.sql.running : strings.sql.run}
        <CommandKey of="runSql" />
      </button>
    </div>
  );
}
