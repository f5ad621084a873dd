// The rules that a comparison used, and those that it would have used if they were on; each opens what it means and a way to switch it off.
import type { ReactElement } from "react";
import type { Comparison, RuleUse, SearchPart } from "../../shared/exchange.ts";
import { IGNORED, VERDICT_RULES } from "../../shared/verdict_rules.ts";
import { strings } from "../strings.ts";
import { EntryForm } from "./entry_form.tsx";
import { MeaningText } from "./meaning_text.tsx";
import "./verdict_rules.css";

const WORDS = strings.verdictRules;

interface RulesUsedProps {
  readonly comparison: Comparison;
  readonly chosen: RuleUse | null;
  readonly onChoose: (use: RuleUse | null) => void;
}

/** The chips, in a line of text. */
export function RuleChips({ comparison: { rules, rulesOff = [] }, chosen, onChoose }: RulesUsedProps): ReactElement {
  const chip = (use: RuleUse, off: boolean): ReactElement => (
    <button
      key={`${use.rule} ${use.reason}`}
      type="button"
      className="rule-chip mono"
      aria-expanded={chosen === use}
      title={`${use.reason} (${WORDS.uses(use.count)})`}
      onClick={() => onChoose(chosen === use ? null : use)}
    >
      {use.rule}
      {off || use.byEntry === true ? <span className="mut"> {off ? WORDS.off : WORDS.byEntry}</span> : null}
    </button>
  );
  return (
    <>
      {rules.map((use) => chip(use, false))}
      {rulesOff.length === 0 ? null : (
        <>
          {" "}
          {WORDS.wouldExplain} {rulesOff.map((use) => chip(use, true))}
        </>
      )}
    </>
  );
}

/** What is told of the chosen one. */
export function RulePanel({ use, part }: { readonly use: RuleUse; readonly part: SearchPart }): ReactElement {
  const rule = VERDICT_RULES.find(({ name }) => name === use.rule);
  const off = part.comparison.rulesOff?.includes(use) === true;
  const [path] = use.paths;
  return (
    <section className="rule-panel s2" aria-label={use.rule}>
      <div>
        <b className="mono">{use.rule}</b> <span className="mut">{rule === undefined ? "" : WORDS.kindOf(rule.kind)}</span> ·{" "}
        {WORDS.uses(use.count)}
      </div>
      {rule === undefined ? null : <MeaningText text={rule.means} />}
      <p>{off ? WORDS.offByEntry(use.reason) : use.reason}</p>
      {off || use.rule === IGNORED || rule === undefined || rule.switchable === "no" ? null : (
        <EntryForm
          key={use.rule}
          part={part}
          says={{ rule: use.rule, on: false }}
          action={WORDS.switchOff}
          {...(rule.switchable === "path" && path !== undefined ? { path } : {})}
        />
      )}
    </section>
  );
}
