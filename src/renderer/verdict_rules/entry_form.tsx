// A new entry from what is looked at: for this shape, this index or everywhere, with a reason.
import { type ReactElement, useId, useState } from "react";
import type { SearchPart } from "../../shared/exchange.ts";
import type { VerdictEntry } from "../../shared/verdict_rules.ts";
import { strings } from "../strings.ts";
import { type Scope, scoped, scopesOf, withFirst } from "./entries.ts";
import { useEntries } from "./use_entries.ts";
import "./verdict_rules.css";

const WORDS = strings.verdictRules;

interface EntryFormProps {
  readonly part: Pick<SearchPart, "index" | "shape">;
  /** What it says, without scope and reason. */
  readonly says: Pick<VerdictEntry, "rule" | "on">;
  /** Where: a pattern that can be changed. Absent: the whole answer. */
  readonly path?: string;
  readonly action: string;
}

export function EntryForm({ part, says, path: given, action }: EntryFormProps): ReactElement {
  const ids = useId();
  const { entries, byFlag, problem, set } = useEntries();
  const scopes = scopesOf(part);
  const [scope, setScope] = useState<Scope>(scopes[0] ?? "everywhere");
  const [path, setPath] = useState(given ?? "");
  const [reason, setReason] = useState("");
  const [kept, setKept] = useState(false);
  if (kept) return <output className="s2">{WORDS.fromNowOn}</output>;
  const keep = (): void => {
    const where = path === "" ? {} : { path };
    set(withFirst(entries ?? [], { ...says, ...scoped(scope, part), ...where, reason }), () => setKept(true));
  };
  return (
    <form
      className="entry-form"
      onSubmit={(event) => {
        event.preventDefault();
        keep();
      }}
    >
      {given === undefined ? null : (
        <label htmlFor={`${ids}path`} className="entry-path" title={WORDS.pathHint}>
          <span className="mut">{WORDS.path}</span>
          <input
            id={`${ids}path`}
            className="field mono"
            value={path}
            spellCheck={false}
            required
            onChange={({ target }) => setPath(target.value)}
          />
        </label>
      )}
      <label htmlFor={`${ids}scope`}>
        <span className="mut">{WORDS.scope}</span>
        <select
          id={`${ids}scope`}
          className="field"
          value={scope}
          onChange={({ target }) => setScope(scopes.find((one) => one === target.value) ?? scope)}
        >
          {scopes.map((one) => (
            <option key={one} value={one}>
              {WORDS.scopeOf(one, part.index)}
            </option>
          ))}
        </select>
      </label>
      <input
        className="field entry-reason"
        aria-label={WORDS.reason}
        placeholder={WORDS.reason}
        value={reason}
        onChange={({ target }) => setReason(target.value)}
      />
      <button type="submit" className="btn small" disabled={byFlag || entries === null || reason.trim() === ""}>
        {action}
      </button>
      {byFlag ? <span className="s2 mut">{WORDS.byFlag}</span> : null}
      {problem === "" ? null : (
        <span className="different s2" role="alert">
          {problem}
        </span>
      )}
    </form>
  );
}
