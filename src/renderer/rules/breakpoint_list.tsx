// Breakpoints: a filter each, and on which side it holds.
import { type ReactElement, useState } from "react";
import type { Breakpoint } from "../../shared/rules.ts";
import { strings } from "../strings.ts";
import { IconButton, Segments, Switch } from "../ui/controls.tsx";
import { Refused, Section, useChange } from "./rules_page.tsx";

const WORDS = strings.rules;
type On = Breakpoint["on"];
const ONS: readonly On[] = ["request", "response", "both"];

export function BreakpointList({ breakpoints }: { readonly breakpoints: readonly Breakpoint[] }): ReactElement {
  const put = useChange("breakpoint.put");
  const remove = useChange("breakpoint.remove");
  const [match, setMatch] = useState("");
  const [on, setOn] = useState<On>("request");
  return (
    <Section title={WORDS.breakpoints}>
      {breakpoints.length === 0 ? <p className="mut s2">{WORDS.breakpointsNone}</p> : null}
      {breakpoints.map((breakpoint) => (
        <div key={breakpoint.id} className="rules-line">
          <Switch on={breakpoint.enabled} onChange={(enabled) => put.run({ breakpoint: { ...breakpoint, enabled } })}>
            <span className="mono">{breakpoint.match || WORDS.everything}</span>
          </Switch>
          <span className="s2 mut grow">{WORDS.on[breakpoint.on]}</span>
          <IconButton icon="clear" label={WORDS.remove} onClick={() => remove.run({ breakpoint: breakpoint.id })} />
        </div>
      ))}
      <form
        className="rules-line"
        onSubmit={(event) => {
          event.preventDefault();
          put.run({ breakpoint: { match, on } }, () => setMatch(""));
        }}
      >
        <input
          className="field mono grow"
          aria-label={WORDS.match}
          placeholder="~m POST & ~u _bulk"
          value={match}
          onChange={(event) => setMatch(event.target.value)}
        />
        <Segments
          label={WORDS.breakpoints}
          small
          choices={ONS.map((value) => ({ value, label: WORDS.on[value] }))}
          value={on}
          onChange={setOn}
        />
        <button type="submit" className="btn">
          {WORDS.addBreakpoint}
        </button>
      </form>
      <Refused error={put.error} />
    </Section>
  );
}
