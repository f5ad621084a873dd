// Records a profile of all threads for some seconds, and says what is being recorded.
import { type ReactElement, useState } from "react";
import type { ProfilerActivity } from "../../shared/profiles.ts";
import { useAction } from "../api/hooks.ts";
import { go } from "../route.ts";
import { strings } from "../strings.ts";
import { clock } from "../ui/format.ts";

const WORDS = strings.profiles;
const LONGEST_S = 600;

export function RecordBar({ recording }: { readonly recording: ProfilerActivity["recording"] }): ReactElement {
  const [seconds, setSeconds] = useState(10);
  const record = useAction("profile.record");
  const stop = useAction("profile.stop");
  const start = (kind: "cpu" | "heap"): void =>
    record.mutate({ kind, seconds }, { onSuccess: ({ id }) => go({ page: "profiles", name: id }, true) });
  const refused = record.error ?? stop.error;
  return (
    <div className="profiles-record">
      <h1>{strings.pages.profiles}</h1>
      <span className="grow" />
      {recording === null ? (
        <>
          <input
            className="field num"
            type="number"
            min={1}
            max={LONGEST_S}
            aria-label={WORDS.seconds}
            title={WORDS.seconds}
            value={seconds}
            onChange={({ target }) => setSeconds(Math.min(LONGEST_S, Math.max(1, Math.round(target.valueAsNumber || 1))))}
          />
          <button type="button" className="btn small" disabled={record.isPending} onClick={() => start("cpu")}>
            {WORDS.recordCpu}
          </button>
          <button type="button" className="btn small" disabled={record.isPending} onClick={() => start("heap")}>
            {WORDS.recordHeap}
          </button>
        </>
      ) : (
        <>
          <output className="s2">{WORDS.recording(recording.title, timeOf(recording.until))}</output>
          {recording.kind === "call" ? null : (
            <button type="button" className="btn small" onClick={() => stop.mutate({})}>
              {WORDS.stop}
            </button>
          )}
        </>
      )}
      {refused === null ? null : (
        <p className="note different" role="alert">
          {refused.message}
        </p>
      )}
    </div>
  );
}

function timeOf(iso: string | null): string {
  return iso === null ? "" : clock(Date.parse(iso)).time;
}
