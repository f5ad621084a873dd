// Rewrite rules in their order; each is switched, edited and removed in its place.
import { type ReactElement, useState } from "react";
import type { RuleState } from "../../shared/rules.ts";
import { strings } from "../strings.ts";
import { IconButton, Switch } from "../ui/controls.tsx";
import { count } from "../ui/format.ts";
import { Refused, Section, useChange } from "./rules_page.tsx";

const WORDS = strings.rules;
const FIRST = JSON.stringify([{ kind: "delay", ms: 500 }], null, 2);

export function RuleList({ rules }: { readonly rules: readonly RuleState[] }): ReactElement {
  const [edited, setEdited] = useState<string | null>(null);
  const close = () => setEdited(null);
  const action = (
    <button type="button" className="btn small" onClick={() => setEdited("")}>
      {WORDS.addRule}
    </button>
  );
  return (
    <Section title={WORDS.rules} action={action}>
      {rules.length === 0 && edited === null ? <p className="mut s2">{WORDS.rulesNone}</p> : null}
      {rules.map((rule) =>
        rule.id === edited ? (
          <RuleForm key={rule.id} rule={rule} onClose={close} />
        ) : (
          <RuleLine key={rule.id} rule={rule} onEdit={() => setEdited(rule.id)} />
        ),
      )}
      {edited === "" ? <RuleForm rule={null} onClose={close} /> : null}
    </Section>
  );
}

function RuleLine({ rule, onEdit }: { readonly rule: RuleState; readonly onEdit: () => void }): ReactElement {
  const put = useChange("rule.put");
  const remove = useChange("rule.remove");
  const { id, name, enabled, match, actions, origin, used, problem, warning } = rule;
  const own = origin === "page";
  return (
    <>
      <div className="rules-line">
        <Switch on={enabled} onChange={(on) => put.run({ rule: { id, name, match, actions, enabled: on } })}>
          <b className="m">{name}</b>
        </Switch>
        <span className="mono cut" title={match}>
          {match || WORDS.everything}
        </span>
        <span className="s2 dim cut grow">{actions.map(WORDS.act).join(", ")}</span>
        <span className="s2 mut nowrap rules-wide">{WORDS.used(count(used))}</span>
        {own ? (
          <>
            <IconButton icon="edit" label={WORDS.edited} onClick={onEdit} />
            <IconButton icon="clear" label={WORDS.remove} onClick={() => remove.run({ rule: id })} />
          </>
        ) : (
          <span className="s2 mut nowrap" title={WORDS.ofConfigHint}>
            {WORDS.ofConfig}
          </span>
        )}
      </div>
      {problem === "" ? null : <p className="note different">{problem}</p>}
      {warning === "" ? null : <p className="note">{warning}</p>}
      <Refused error={put.error ?? remove.error} />
    </>
  );
}

function RuleForm({ rule, onClose }: { readonly rule: RuleState | null; readonly onClose: () => void }): ReactElement {
  const put = useChange("rule.put");
  const [name, setName] = useState(rule?.name ?? "");
  const [match, setMatch] = useState(rule?.match ?? "");
  const [actions, setActions] = useState(rule === null ? FIRST : JSON.stringify(rule.actions, null, 2));
  const [wrong, setWrong] = useState<Error | null>(null);
  const save = (): void => {
    const read = readActions(actions);
    setWrong(read instanceof Error ? read : null);
    if (read instanceof Error) return;
    const own = { match, actions: read, enabled: rule?.enabled ?? true, ...(name === "" ? {} : { name }) };
    put.run({ rule: rule === null ? own : { ...own, id: rule.id } }, onClose);
  };
  return (
    <form
      className="rules-form"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <div className="rules-line">
        <input
          className="field"
          aria-label={WORDS.name}
          placeholder={WORDS.name}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <input
          className="field mono grow"
          aria-label={WORDS.match}
          placeholder={`${WORDS.match} (${WORDS.matchHint})`}
          value={match}
          onChange={(event) => setMatch(event.target.value)}
        />
      </div>
      <label className="s2">
        {WORDS.actions}
        <textarea className="field mono" rows={6} spellCheck={false} value={actions} onChange={(event) => setActions(event.target.value)} />
      </label>
      <Refused error={wrong ?? put.error} />
      <div className="rules-line">
        <button type="submit" className="btn ink">
          {WORDS.save}
        </button>
        <button type="button" className="btn" onClick={onClose}>
          {WORDS.cancel}
        </button>
      </div>
    </form>
  );
}

function readActions(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return new Error(`${WORDS.noJson} ${error instanceof Error ? error.message : ""}`);
  }
}
