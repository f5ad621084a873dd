// Says to those who hear the page that answers differ: politely, and once for all that came in a while.
import { type ReactElement, useEffect, useRef, useState } from "react";
import type { VerdictCounts } from "../../shared/contract.ts";
import { useCall, useEvent } from "../api/hooks.ts";
import { strings } from "../strings.ts";

const GATHERED_MS = 5000;

export function MismatchAnnouncer(): ReactElement {
  const [said, setSaid] = useState("");
  const atFirst = useCall("verdicts.get", {}, { staleMs: Number.POSITIVE_INFINITY }).data?.counts ?? null;
  const told = useRef<VerdictCounts | null>(null);
  const newest = useRef<VerdictCounts | null>(null);
  const due = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => () => clearTimeout(due.current ?? undefined), []);
  useEvent("verdicts", (counts) => {
    newest.current = counts;
    told.current ??= atFirst ?? counts;
    due.current ??= setTimeout(() => {
      due.current = null;
      const [before, now] = [told.current, newest.current];
      told.current = now;
      if (before === null || now === null) return;
      const [different, failed] = [now.different - before.different, now.failed - before.failed];
      if (different > 0 || failed > 0) setSaid(strings.announced.mismatches(Math.max(0, different), Math.max(0, failed)));
    }, GATHERED_MS);
  });
  return (
    <div className="unseen" role="status" aria-live="polite">
      {said}
    </div>
  );
}
