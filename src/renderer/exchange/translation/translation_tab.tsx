// The translation of a search: its clauses beside their SQL, the parameters, what each statement cost, and a place to
// change the SQL and run it.
import { type ReactElement, useEffect, useMemo, useState } from "react";
import type { ExchangeDetail, SearchPart, SqlParameter, StatementRun } from "../../../shared/exchange.ts";
import { JsonSyntaxError, parseJson } from "../../../shared/json.ts";
import { useAction } from "../../api/hooks.ts";
import { CodeEditor } from "../../code/code_editor.tsx";
import { useCommands } from "../../frame/keys.ts";
import { ResultGrid } from "../../sql/result_grid.tsx";
import { strings } from "../../strings.ts";
import { State } from "../../ui/state.tsx";
import { PartPicker } from "../part_picker.tsx";
import { type Clause, clausesOf } from "./clauses.ts";
import { type LaidOut, layoutJson } from "./layout_json.ts";
import { layoutSql } from "./layout_sql.ts";
import type { Trouble } from "./linked_editor.ts";
import { LinkedPanes } from "./linked_panes.tsx";
import { AtHand, Cost, Parameters } from "./low_panes.tsx";
import { DslHead, SqlFoot, SqlHead } from "./pane_edges.tsx";

export function TranslationTab({ exchange }: { readonly exchange: ExchangeDetail }): ReactElement {
  const [position, setPosition] = useState(0);
  const part = exchange.searches[position] ?? exchange.searches[0];
  if (part === undefined) {
    return <State title={exchange.kind === "search" ? strings.translation.none : strings.translation.notSearch}>{exchange.note}</State>;
  }
  return (
    <div className="column fill">
      {exchange.searches.length > 1 ? (
        <div className="tab-tools">
          <PartPicker parts={exchange.searches} position={part.position} onChange={setPosition} />
        </div>
      ) : null}
      <Translation key={part.position} part={part} />
    </div>
  );
}

function Translation({ part }: { readonly part: SearchPart }): ReactElement {
  const [name, setName] = useState(telling(part.statements));
  const [editing, setEditing] = useState(false);
  const [clause, setClause] = useState<Clause | null>(null);
  const statement = part.statements.find((each) => each.name === name) ?? part.statements[0];
  const request = useMemo(() => layoutBody(part.body), [part.body]);
  const sql = useMemo(() => layoutSql(statement?.sql ?? ""), [statement]);
  const clauses = useMemo(() => (statement === undefined ? [] : clausesOf(statement, request, sql)), [statement, request, sql]);
  const troubles = useMemo(() => troublesOf(part, request), [part, request]);
  const run = useAction("sql.run");
  const [draft, setDraft] = useState(sql.text);
  useEffect(() => setDraft(sql.text), [sql]);
  const send = (before: string) =>
    run.mutate({ sql: before + (editing ? draft : (statement?.sql ?? "")), params: paramsOf(statement?.params ?? []) });
  const runDraft = () => send("");
  useCommands({ editSql: statement === undefined ? undefined : () => setEditing(true) });
  const instead =
    statement === undefined ? (
      <NoSql part={part} />
    ) : editing ? (
      <CodeEditor value={draft} label={strings.translation.edited} onChange={setDraft} onRun={runDraft} />
    ) : null;
  return (
    <>
      <LinkedPanes
        dsl={request.text}
        sql={sql.text}
        clauses={clauses}
        troubles={troubles}
        onClause={setClause}
        dslHead={<DslHead part={part} clauses={clauses.length} />}
        sqlHead={<SqlHead part={part} value={statement?.name ?? ""} sql={sql.text} onChange={setName} />}
        sqlFoot={
          statement === undefined ? null : (
            <SqlFoot
              editing={editing}
              busy={run.isPending}
              onEdit={() => setEditing(!editing)}
              onExplain={() => send("EXPLAIN indexes = 1\n")}
              onRun={runDraft}
            />
          )
        }
        instead={instead}
      />
      <div className="translation-low">
        <AtHand clause={clause} clauses={clauses} />
        <Parameters
          params={statement?.params ?? []}
          used={clause === null ? "" : clause.sql.map((range) => sql.text.slice(range.from, range.to)).join(" ")}
        />
        {run.data === undefined && run.error === null ? (
          <Cost statement={statement} />
        ) : (
          <ResultGrid answer={run.data} error={run.error} compact />
        )}
      </div>
    </>
  );
}

/** The statement to show first: one that ClickHouse refused, else the one that says most. */
function telling(statements: readonly StatementRun[]): string {
  const refused = statements.find((statement) => statement.error !== null);
  if (refused !== undefined) return refused.name;
  return statements.reduce((found, each) => (each.sql.length > found.sql.length ? each : found), statements[0] ?? { name: "", sql: "" })
    .name;
}

/** Longer bodies are shown as sent: laying them out would hold the window up. */
const MOST_LAID_OUT = 1_000_000;

function layoutBody(body: string): LaidOut {
  if (body.length > MOST_LAID_OUT) return { text: body, ranges: new Map() };
  try {
    return layoutJson(parseJson(body === "" ? "{}" : body));
  } catch (error) {
    if (error instanceof JsonSyntaxError || error instanceof RangeError) return { text: body, ranges: new Map() };
    throw error;
  }
}

/** Clauses without SQL, where they stand: the nearest ancestor that the body has. */
function troublesOf(part: SearchPart, request: LaidOut): readonly Trouble[] {
  return part.comparison.unsupported.flatMap(({ pointer, reason }) => {
    let at = pointer;
    while (at !== "" && !request.ranges.has(at)) at = at.slice(0, at.lastIndexOf("/"));
    const range = request.ranges.get(at);
    if (range === undefined) return [];
    return [{ range: at === "" ? { from: range.from, to: range.from + 1 } : range, reason }];
  });
}

function paramsOf(params: readonly SqlParameter[]): Readonly<Record<string, string>> {
  return Object.fromEntries(params.map(({ name, value }) => [name, value]));
}

function NoSql({ part }: { readonly part: SearchPart }): ReactElement {
  return (
    <div className="fill scroll">
      <State title={strings.translation.noSql}>{part.comparison.reason}</State>
    </div>
  );
}
