// The line under the list that is there while rows are ticked: how many, and what can be done with all of them.
import { type ReactElement, useState, useSyncExternalStore } from "react";
import { ask } from "../api/ask.ts";
import { useTransport } from "../api/hooks.ts";
import { useReadOnly } from "../api/read_only.ts";
import { useCommands } from "../frame/keys.ts";
import { ShareButton } from "../share/share_button.tsx";
import { strings } from "../strings.ts";
import { count } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import type { TickedRows } from "./ticked_rows.ts";

const WORDS = strings.ticked;

interface TickedBarProps {
  readonly ticked: TickedRows;
  /** The exchange that keys are about. */
  readonly current: number | null;
}

export function TickedBar({ ticked, current }: TickedBarProps): ReactElement {
  const { ids, working, problem } = useSyncExternalStore(ticked.listen, ticked.state);
  const some = ids.size > 0;
  useCommands({
    tick: current === null ? undefined : () => ticked.toggle(current),
    tickRange: current === null ? undefined : () => void ticked.extendTo(current),
    clearTicks: some ? () => ticked.clear() : undefined,
    leave: some && current === null ? () => ticked.clear() : undefined,
  });
  const said = some ? WORDS.chosen(ids.size, count(ids.size)) : "";
  return (
    <>
      <span className="unseen" role="status">
        {said}
      </span>
      {some ? (
        <div className="ticked-bar" role="group" aria-label={WORDS.label}>
          <b className="num nowrap" aria-hidden="true">
            {said}
          </b>
          <TickedActions ids={ids} />
          <button type="button" className="btn ghost small" onClick={() => ticked.clear()}>
            <Icon name="close" size={14} />
            {WORDS.clear}
          </button>
          <span className="s2 mut cut">{working ? WORDS.working : problem === "" ? WORDS.hint : null}</span>
          {problem === "" ? null : (
            <span className="s2 different cut" role="alert" title={problem}>
              {problem}
            </span>
          )}
        </div>
      ) : null}
    </>
  );
}

function TickedActions({ ids }: { readonly ids: ReadonlySet<number> }): ReactElement {
  const transport = useTransport();
  const readOnly = useReadOnly();
  const [pinning, setPinning] = useState(false);
  const [problem, setProblem] = useState("");
  const of = { ids: [...ids].toSorted((a, b) => a - b) };
  const pin = async (): Promise<void> => {
    setPinning(true);
    setProblem("");
    try {
      for (const id of of.ids) await ask(transport, "exchange.pin", { id, pinned: true });
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
    setPinning(false);
  };
  return (
    <>
      <ShareButton of={of} command="shareTicked" />
      <ShareButton of={of} format="har" label={WORDS.export} />
      {readOnly ? null : (
        <button type="button" className="btn small" disabled={pinning} title={WORDS.pinHint} onClick={() => void pin()}>
          <Icon name="pin" />
          {WORDS.pin}
        </button>
      )}
      {problem === "" ? null : (
        <span className="s2 different cut" role="alert" title={problem}>
          {problem}
        </span>
      )}
    </>
  );
}
