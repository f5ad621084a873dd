// Settings: all rules of the comparison, each with its switch, and all entries that say more of places.
import { type ReactElement, useState } from "react";
import { IGNORED, VERDICT_RULES, type VerdictEntry, type VerdictRule } from "../../shared/verdict_rules.ts";
import { printRoute } from "../route.ts";
import { strings } from "../strings.ts";
import { Block } from "../ui/block.tsx";
import { Switch } from "../ui/controls.tsx";
import { everywhere, switched } from "./entries.ts";
import { MeaningText } from "./meaning_text.tsx";
import { type Entries, useEntries } from "./use_entries.ts";
import "./verdict_rules.css";

const WORDS = strings.verdictRules;

export function VerdictRulesBlock(): ReactElement | null {
  const known = useEntries();
  const { entries, byFlag, problem } = known;
  if (entries === null) return null;
  const ofPlaces = entries.filter((entry) => everywhere(entries, entry.rule) !== entry);
  return (
    <Block title={WORDS.title}>
      <p className="s2 mut">{WORDS.lead}</p>
      {byFlag ? <p className="note">{WORDS.byFlag}</p> : null}
      {problem === "" ? null : (
        <p className="note different" role="alert">
          {problem}
        </p>
      )}
      <p className="s2 b">{ofPlaces.length === 0 ? WORDS.noEntries : WORDS.entries}</p>
      <ul className="verdict-entries">
        {ofPlaces.map((entry) => (
          <EntryLine key={JSON.stringify(entry)} entry={entry} known={known} />
        ))}
      </ul>
      {VERDICT_RULES.filter(({ name }) => name !== IGNORED).map((rule) => (
        <RuleLine key={rule.name} rule={rule} known={known} />
      ))}
    </Block>
  );
}

function EntryLine({ entry, known }: { readonly entry: VerdictEntry; readonly known: Entries }): ReactElement {
  const { rule, on, path, field, index, shape, reason } = entry;
  return (
    <li className="verdict-entry s2">
      <span>
        <b className="mono">{rule}</b> {on === undefined ? "" : on ? WORDS.on : WORDS.off}{" "}
        <span className="mono breakable">{path ?? (field === undefined ? "" : `${WORDS.field} ${field}`)}</span>{" "}
        <span className="mono">{index ?? WORDS.allIndices}</span>{" "}
        {shape === undefined ? null : (
          <a className="mono" href={printRoute({ page: "traffic", filter: `~shape ${shape}` })}>
            {shape}
          </a>
        )}{" "}
        <span className="mut">{reason}</span>
      </span>
      <button
        type="button"
        className="link"
        disabled={known.byFlag}
        onClick={() => known.set((known.entries ?? []).filter((one) => one !== entry))}
      >
        {WORDS.remove}
      </button>
    </li>
  );
}

function RuleLine({ rule, known }: { readonly rule: VerdictRule; readonly known: Entries }): ReactElement {
  const { name, kind, means, switchable } = rule;
  const entries = known.entries ?? [];
  const said = everywhere(entries, name);
  const on = said?.on !== false;
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const put = (next: boolean): void => known.set(switched(entries, name, next, reason), () => setAsking(false));
  return (
    <div className="verdict-rule">
      {switchable !== "yes" || known.byFlag ? (
        <b className="mono">{name}</b>
      ) : (
        <Switch on={on} onChange={(next) => (next ? put(true) : setAsking(true))}>
          <b className="mono">{name}</b>
        </Switch>
      )}{" "}
      <span className="mut s2">{WORDS.kindOf(kind)}</span>
      <MeaningText text={means} />
      {said === null || on ? null : <p className="s2">{WORDS.offByEntry(said.reason)}</p>}
      {asking ? (
        <form
          className="entry-form"
          onSubmit={(event) => {
            event.preventDefault();
            put(false);
          }}
        >
          <input
            className="field entry-reason"
            aria-label={WORDS.reason}
            placeholder={WORDS.reason}
            value={reason}
            onChange={({ target }) => setReason(target.value)}
          />
          <button type="submit" className="btn small" disabled={reason.trim() === ""}>
            {WORDS.switchOff}
          </button>
          <button type="button" className="btn ghost small" onClick={() => setAsking(false)}>
            {WORDS.cancel}
          </button>
        </form>
      ) : null}
    </div>
  );
}
