// One setting: what it means, its value, and what stands in the way of it.
import { type ReactElement, useId, useState } from "react";
import { type JsonValue, parseJson } from "../../shared/json.ts";
import type { Setting } from "../../shared/settings.ts";
import { messageOf } from "../../shared/thrown.ts";
import { printRoute } from "../route.ts";
import { strings } from "../strings.ts";

const WORDS = strings.settings;
const MODES: readonly string[] = ["tap", "compare", "clickhouse"];

interface RowProps {
  readonly setting: Setting;
  /** null: the default again. */
  readonly onSet: (value: JsonValue) => void;
}

export function SettingRow({ setting, onSet }: RowProps): ReactElement {
  const id = useId();
  const words = WORDS.about[setting.key];
  const otherwise = words?.otherwise ?? "";
  return (
    <div className="setting">
      <label htmlFor={id}>
        <span className="mono">{setting.key}</span>
        <span className="mut s2">{words?.what ?? ""}</span>
      </label>
      <div>
        <Control id={id} setting={setting} otherwise={otherwise} onSet={onSet} />
        {setting.from === "flag" ? <span className="s2 mut">{WORDS.byFlag(setting.flag)}</span> : null}
        {setting.waits ? <span className="s2 setting-waits">{WORDS.waits}</span> : null}
      </div>
    </div>
  );
}

interface ControlProps extends RowProps {
  readonly id: string;
  readonly otherwise: string;
}

function Control(props: ControlProps): ReactElement {
  const { setting } = props;
  if (setting.kind === "rules") return <a href={printRoute({ page: "rules" })}>{strings.pages.rules}</a>;
  if (setting.kind === "verdict_rules") return <span className="s2 mut">{strings.verdictRules.listBelow}</span>;
  if (setting.kind === "boolean") return <Choice {...props} choices={["true", "false"]} />;
  if (setting.key === "mode") return <Choice {...props} choices={MODES} />;
  return <Line {...props} />;
}

function Choice({ id, setting, otherwise, choices, onSet }: ControlProps & { readonly choices: readonly string[] }): ReactElement {
  const value = setting.value === null ? "" : String(setting.value);
  const shown = (choice: string): string => (choice === "true" ? WORDS.yes : choice === "false" ? WORDS.no : choice);
  return (
    <select
      id={id}
      className="field"
      value={value}
      disabled={setting.from === "flag"}
      onChange={({ target }) => onSet(target.value === "" ? null : setting.kind === "boolean" ? target.value === "true" : target.value)}
    >
      <option value="">{WORDS.byDefault(otherwise)}</option>
      {choices.map((choice) => (
        <option key={choice} value={choice}>
          {shown(choice)}
        </option>
      ))}
    </select>
  );
}

function Line({ id, setting, otherwise, onSet }: ControlProps): ReactElement {
  const kept = textOf(setting);
  const [text, setText] = useState(kept);
  const [problem, setProblem] = useState("");
  const changed = text !== kept;
  const send = (): void => {
    try {
      setProblem("");
      onSet(readValue(setting, text));
    } catch (error) {
      setProblem(messageOf(error));
    }
  };
  return (
    <form
      className="setting-line"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <input
        id={id}
        className="field mono"
        value={text}
        placeholder={WORDS.byDefault(otherwise)}
        disabled={setting.from === "flag"}
        spellCheck={false}
        onChange={({ target }) => setText(target.value)}
      />
      {changed ? (
        <button type="submit" className="btn small">
          {WORDS.set}
        </button>
      ) : null}
      {setting.from === "file" && !changed ? (
        <button type="button" className="btn ghost small" onClick={() => onSet(null)}>
          {WORDS.clear}
        </button>
      ) : null}
      {problem === "" ? null : (
        <span className="different s2" role="alert">
          {problem}
        </span>
      )}
    </form>
  );
}

function textOf({ kind, value }: Setting): string {
  if (value === null) return "";
  if (kind === "strings" && Array.isArray(value)) return value.join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Throws where `text` is no JSON and has to be. */
function readValue({ kind }: Setting, text: string): JsonValue {
  const trimmed = text.trim();
  if (trimmed === "") return null;
  switch (kind) {
    case "strings":
      return trimmed.split(",").map((item) => item.trim());
    case "routes":
    case "rules":
    case "verdict_rules":
      return parseJson(trimmed);
    case "port":
    case "bytes":
    case "seconds":
    case "milliseconds":
      return /^\d+$/.test(trimmed) ? Number(trimmed) : trimmed;
    case "string":
    case "addresses":
    case "boolean":
      return trimmed;
  }
}
