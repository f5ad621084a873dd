// Making the file: a button, how far it is and a way to stop, then the way to take it.
import { useQueryClient } from "@tanstack/react-query";
import { type ReactElement, useEffect, useRef, useState } from "react";
import type { RequestOf } from "../../shared/contract.ts";
import { SHARE_ENDINGS, type ShareState } from "../../shared/share.ts";
import { useAction, useCall } from "../api/hooks.ts";
import { strings } from "../strings.ts";
import { bytes, count } from "../ui/format.ts";

const WORDS = strings.share;
const LOOK_EVERY_MS = 200;

interface MakingProps {
  readonly request: RequestOf<"share.write">;
  /** Why it can't be made; "" when it can. */
  readonly tooLarge: string;
  /** What is shown is what is chosen. */
  readonly ready: boolean;
}

export function Making({ request, tooLarge, ready }: MakingProps): ReactElement {
  const client = useQueryClient();
  const write = useAction("share.write");
  const stop = useAction("share.stop");
  const [begun, setBegun] = useState(false);
  const { data: state } = useCall("share.state", {}, { enabled: begun });
  const running = begun && (state === undefined || state.state === "writing");
  const take = (next: ShareState) => client.setQueryData(["share.state", {}], next);
  useEffect(() => {
    if (!running) return undefined;
    const timer = setInterval(() => void client.invalidateQueries({ queryKey: ["share.state"] }), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [client, running]);
  const abandon = useRef<(() => void) | null>(null);
  abandon.current = running ? () => stop.mutate({}) : null;
  // Whoever closes the dialog, or chooses anew, does not want it any more.
  useEffect(() => () => abandon.current?.(), []);
  const begin = () =>
    write.mutate(request, {
      onSuccess: (next) => {
        take(next);
        setBegun(true);
      },
    });
  const problem =
    tooLarge !== "" ? tooLarge : (write.error?.message ?? (begun && state?.state === "failed" ? `${WORDS.failed} ${state.problem}` : ""));
  if (begun && running) {
    return (
      <span className="line-up" role="status">
        <span className="s2 num">{WORDS.progress(count(state?.done ?? 0), count(state?.total ?? 0))}</span>
        <progress aria-label={WORDS.title} value={state?.done ?? 0} max={Math.max(state?.total ?? 1, 1)} />
        <button type="button" className="btn small" onClick={() => stop.mutate({}, { onSuccess: take })}>
          {WORDS.stop}
        </button>
      </span>
    );
  }
  return (
    <span className="line-up">
      {problem === "" ? null : (
        <span className="s2 different share-problem" role="alert">
          {problem}
        </span>
      )}
      {begun && state?.state === "stopped" ? <span className="s2 mut">{WORDS.stopped}</span> : null}
      {begun && state?.state === "done" ? (
        <Download state={state} />
      ) : (
        <button type="button" className="btn ink" disabled={tooLarge !== "" || !ready || write.isPending} onClick={begin}>
          {WORDS.write}
        </button>
      )}
    </span>
  );
}

function Download({ state }: { readonly state: ShareState }): ReactElement {
  const served = useCall("status.get", {}, { staleMs: 30_000 }).data?.interface.url ?? "";
  // In the desktop app the page is a file.
  const base = location.protocol === "file:" ? served : location.origin;
  return (
    <>
      <span className="s2" role="status">
        {WORDS.done(bytes(state.bytes))}
      </span>
      <a className="btn ink" href={`${base}/api/share/file`} download={`parallax${SHARE_ENDINGS[state.format]}`}>
        {WORDS.download}
      </a>
    </>
  );
}
