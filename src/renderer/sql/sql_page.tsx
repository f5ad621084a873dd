// A console on ClickHouse.
import { type ReactElement, useState } from "react";
import { clickhouse, formatDialect } from "sql-formatter";
import { useAction, useCall } from "../api/hooks.ts";
import { CodeEditor } from "../code/code_editor.tsx";
import { CommandKey } from "../frame/command_key.tsx";
import { strings } from "../strings.ts";
import { Icon } from "../ui/icon.tsx";
import { SideHead } from "../ui/side.tsx";
import { LoadingBars, State } from "../ui/state.tsx";
import { ResultGrid } from "./result_grid.tsx";
import "./sql.css";

const FIRST =
  "SELECT database, name, total_rows, formatReadableSize(total_bytes) AS size\nFROM system.tables\nWHERE database NOT IN ('system', 'INFORMATION_SCHEMA', 'information_schema')\nORDER BY total_rows DESC";

export function SqlPage(): ReactElement {
  const [text, setText] = useState(FIRST);
  const run = useAction("sql.run");
  const status = useCall("status.get", {}, { staleMs: 30_000 });
  const send = () => run.mutate({ sql: text });
  const place = status.data?.clickhouse.url ?? "";
  return (
    <>
      <div className="sql-editor column">
        <SideHead side="ch">
          <h1 className="b">{strings.sql.title}</h1>
          <span className="mut cut" title={place}>
            {place}
          </span>
          <span className="grow" />
          <button type="button" className="btn small" onClick={() => setText(laidOut(text))}>
            {strings.sql.format}
          </button>
          <button type="button" className="btn small ink" disabled={run.isPending || text.trim() === ""} onClick={send}>
            <Icon name="play" />
            {run.isPending ? strings.sql.running : strings.sql.run}
            <CommandKey of="runSql" />
          </button>
        </SideHead>
        <CodeEditor value={text} label={strings.sql.title} onChange={setText} onRun={send} />
      </div>
      {run.isPending ? (
        <LoadingBars />
      ) : run.data === undefined && run.error === null ? (
        <State title={strings.sql.empty}>{strings.sql.emptyAdvice}</State>
      ) : (
        <ResultGrid answer={run.data} error={run.error} />
      )}
    </>
  );
}

/** The text laid out, or as it is where the formatter does not understand it. */
function laidOut(text: string): string {
  try {
    return formatDialect(text, {
      dialect: clickhouse,
      keywordCase: "upper",
      paramTypes: { custom: [{ regex: String.raw`\{\w+:[^}]*\}` }] },
    });
  } catch {
    return text;
  }
}
