// The mode of one index: chosen here, or as the rules say.
import type { ReactElement } from "react";
import type { IndexInfo, Mode } from "../../shared/contract.ts";
import { strings } from "../strings.ts";

const MODES: readonly Mode[] = ["tap", "compare", "clickhouse"];
const RULES = "rules";

interface ModeChoiceProps {
  readonly index: IndexInfo;
  /** null: the rules say again. */
  readonly onChoose: (name: string, mode: Mode | null) => void;
}

export function ModeChoice({ index: { name, mode, modeFrom }, onChoose }: ModeChoiceProps): ReactElement {
  const words = strings.indices;
  return (
    <select
      className={`mode-choice ${modeFrom === "window" ? "own" : ""}`}
      aria-label={words.modeOf(name)}
      title={`${strings.bar.modeHints[mode]}. ${words.modeFrom[modeFrom]}`}
      value={mode}
      onClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => event.stopPropagation()}
      onChange={({ target: { value } }) => onChoose(name, MODES.find((one) => one === value) ?? null)}
    >
      {MODES.map((one) => (
        <option key={one} value={one}>
          {strings.bar.modes[one]}
        </option>
      ))}
      {modeFrom === "window" ? <option value={RULES}>{words.byRules}</option> : null}
    </select>
  );
}

/** The mode after this one, as the key goes through them. */
export function nextMode(mode: Mode): Mode {
  return MODES[(MODES.indexOf(mode) + 1) % MODES.length] ?? "compare";
}
