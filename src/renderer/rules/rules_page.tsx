// Rules: what is held, breakpoints, rewrite rules and the script.
import { useQueryClient } from "@tanstack/react-query";
import { type ReactElement, type ReactNode, useState } from "react";
import type { RequestName, RequestOf } from "../../shared/contract.ts";
import type { ScriptState } from "../../shared/rules.ts";
import { useCall, useEvent, useReplacing } from "../api/hooks.ts";
import { strings } from "../strings.ts";
import { clock, count } from "../ui/format.ts";
import { AwaitedPage } from "../ui/state.tsx";
import { BreakpointList } from "./breakpoint_list.tsx";
import { HeldList } from "./held_list.tsx";
import { RuleList } from "./rule_list.tsx";
import "./rules.css";

const WORDS = strings.rules;

export function RulesPage(): ReactElement {
  const client = useQueryClient();
  const rules = useCall("rules.get", {});
  useEvent("rules", (state) => client.setQueryData(["rules.get", {}], state));
  if (rules.data === undefined) return <AwaitedPage page="rules" title={WORDS.unavailable} query={rules} />;
  return (
    <>
      <div className="page-head">
        <h1>{strings.pages.rules}</h1>
        <span className="s2 mut">{WORDS.reach}</span>
      </div>
      <div className="fill scroll rules-page">
        <div className="two-columns">
          <div>
            <HeldList held={rules.data.held} />
            <BreakpointList breakpoints={rules.data.breakpoints} />
          </div>
          <div>
            <RuleList rules={rules.data.rules} />
            <Script script={rules.data.script} />
          </div>
        </div>
      </div>
    </>
  );
}

type Change = Extract<
  RequestName,
  `rule.${string}` | `breakpoint.${string}` | "script.use" | "held.release" | "held.abort" | "held.release_all"
>;

/** A request that changes the rules. */
export function useChange<N extends Change>(name: N) {
  const { run, error } = useReplacing<N>("rules.get");
  return { run: (request: RequestOf<N>, done?: () => void) => run(name, request, done), error };
}

interface SectionProps {
  readonly title: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

export function Section({ title, action, children }: SectionProps): ReactElement {
  return (
    <section className="block">
      <div className="sec rules-sec">
        <b>{title}</b>
        <span className="grow" />
        {action}
      </div>
      {children}
    </section>
  );
}

export function Refused({ error }: { readonly error: Error | null }): ReactElement | null {
  return error === null ? null : (
    <p className="note different" role="alert">
      {error.message}
    </p>
  );
}

function Script({ script }: { readonly script: ScriptState }): ReactElement {
  const use = useChange("script.use");
  const [file, setFile] = useState(script.file);
  return (
    <Section title={WORDS.script}>
      <form
        className="rules-line"
        onSubmit={(event) => {
          event.preventDefault();
          use.run({ file });
        }}
      >
        <input
          className="field grow mono"
          aria-label={WORDS.scriptFile}
          placeholder={WORDS.scriptFile}
          value={file}
          onChange={(event) => setFile(event.target.value)}
        />
        <button type="submit" className="btn">
          {WORDS.use}
        </button>
        <button type="button" className="btn" disabled={script.file === ""} onClick={() => use.run({ file: "" }, () => setFile(""))}>
          {WORDS.stop}
        </button>
      </form>
      <Refused error={use.error} />
      {script.file === "" ? (
        <p className="mut s2">{WORDS.scriptNone}</p>
      ) : (
        <p className="s2">
          <span className={script.state === "failed" ? "different" : "m"}>{WORDS.scriptState[script.state]}</span>{" "}
          <span className="mono breakable">{script.file}</span>{" "}
          <span className="mut">
            {WORDS.hooks(script.hooks.join(", "))} · {WORDS.calls(script.calls, count(script.failures))}
          </span>
        </p>
      )}
      {script.faults.map(({ time, exchange, message }) => (
        <p key={`${time} ${exchange} ${message}`} className="s2 rules-fault">
          <span className="mut">{clock(time).time}</span> <span className="breakable">{message}</span>
        </p>
      ))}
    </Section>
  );
}
