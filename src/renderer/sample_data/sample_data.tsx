// Sample data with one click: what there is of it, a button that adds it, and one that takes it away after asking.
import { useQueryClient } from "@tanstack/react-query";
import { type ReactElement, useState } from "react";
import type { SampleDataState, SampleSet } from "../../shared/sample_data.ts";
import { invalidate, useAction, useCall, useInvalidation } from "../api/hooks.ts";
import { strings } from "../strings.ts";
import { Block } from "../ui/block.tsx";
import { count } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import "./sample_data.css";

const WORDS = strings.sampleData;

export function SampleData(): ReactElement | null {
  const state = useCall("sample_data.get", {});
  useInvalidation(["sample_data.get"], "pipes", 2000);
  useInvalidation(["sample_data.get"], "status", 2000);
  if (state.isError) return <SampleBlock>{`${WORDS.unavailable} ${state.error.message}`}</SampleBlock>;
  if (state.data === undefined) return null;
  if (state.data.why !== "") return <SampleBlock>{state.data.why}</SampleBlock>;
  return <Offer state={state.data} />;
}

function SampleBlock({ children }: { readonly children: string }): ReactElement {
  return (
    <Block title={WORDS.title}>
      <p className="s2 mut">{children}</p>
    </Block>
  );
}

function Offer({ state }: { readonly state: SampleDataState }): ReactElement {
  const client = useQueryClient();
  const [play, setPlay] = useState(true);
  const add = useAction("sample_data.add");
  const over = (): void => invalidate(client, ["sample_data.get", "pipes.list", "indices.list"]);
  const missing = state.sets.filter((set) => set.state === "absent");
  const ours = state.sets.filter((set) => set.state === "there" || set.state === "making");
  return (
    <Block title={WORDS.title}>
      <p className="s2 mut">{WORDS.lead}</p>
      <ul className="sample-sets">
        {state.sets.map((set) => (
          <SetLine key={set.kind} set={set} />
        ))}
      </ul>
      {state.asking ? <p className="s2">{WORDS.asking}</p> : null}
      {missing.length === 0 && ours.length > 0 && !state.asking ? (
        <div className="sample-actions">
          <button type="button" className="btn" disabled={add.isPending} onClick={() => add.mutate({ queries: true }, { onSettled: over })}>
            {WORDS.playNow}
          </button>
        </div>
      ) : null}
      {missing.length === 0 ? null : (
        <div className="sample-actions">
          <button type="button" className="btn" disabled={add.isPending} onClick={() => add.mutate({ queries: play }, { onSettled: over })}>
            {add.isPending ? WORDS.adding : ours.length === 0 ? WORDS.add : WORDS.addRest}
          </button>
          {state.asking ? null : (
            <label className="s2">
              <input type="checkbox" checked={play} onChange={(event) => setPlay(event.target.checked)} /> {WORDS.play}
            </label>
          )}
        </div>
      )}
      {ours.length === 0 ? null : <Removal sets={ours} over={over} />}
      {add.error === null ? null : (
        <p className="note different" role="alert">
          {add.error.message}
        </p>
      )}
    </Block>
  );
}

function SetLine({ set }: { readonly set: SampleSet }): ReactElement {
  const { states } = WORDS;
  const text =
    set.state === "making"
      ? states.making(count(set.there), count(set.documents))
      : set.state === "there"
        ? states.there(set.there ?? 0)
        : states[set.state];
  return (
    <li className={set.state === "absent" ? "mut" : ""}>
      <Icon name={set.state === "there" ? "check" : "not_compared"} size={14} />
      <span className="mono cut" title={set.title}>
        {set.index}
      </span>
      <span className="s2 num">{text}</span>
    </li>
  );
}

/** Asks before it removes. */
function Removal({ sets, over }: { readonly sets: readonly SampleSet[]; readonly over: () => void }): ReactElement {
  const remove = useAction("sample_data.remove");
  const [asked, setAsked] = useState(false);
  const removed = (): void => {
    setAsked(false);
    over();
  };
  return (
    <div className="sample-actions">
      {asked ? (
        <>
          <span className="s2" role="alert">
            {WORDS.sure(sets.map(({ index }) => index).join(", "))}
          </span>
          <button type="button" className="btn small" disabled={remove.isPending} onClick={() => remove.mutate({}, { onSettled: removed })}>
            {remove.isPending ? WORDS.removing : WORDS.reallyRemove}
          </button>
          <button type="button" className="btn small ghost" onClick={() => setAsked(false)}>
            {WORDS.keep}
          </button>
        </>
      ) : (
        <button type="button" className="btn small" onClick={() => setAsked(true)}>
          {WORDS.remove}
        </button>
      )}
      {remove.error === null ? null : (
        <p className="note different" role="alert">
          {remove.error.message}
        </p>
      )}
    </div>
  );
}
