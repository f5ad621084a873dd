// Of the line at the bottom: verdicts that need a look. Its keys are of command_key.tsx.
import type { ReactElement } from "react";
import { useState } from "react";
import type { VerdictCounts } from "../../shared/contract.ts";
import { VERDICTS } from "../../shared/exchange.ts";
import { useCall, useEvent } from "../api/hooks.ts";
import { strings } from "../strings.ts";
import { count } from "../ui/format.ts";
import { VerdictMark } from "../ui/verdict.tsx";

/** Verdict counts as the engine last told them. */
export function useVerdictCounts(): VerdictCounts | null {
  const verdicts = useCall("verdicts.get", {}, { staleMs: 60_000 });
  const [pushed, setPushed] = useState<VerdictCounts | null>(null);
  useEvent("verdicts", setPushed);
  return pushed ?? verdicts.data?.counts ?? null;
}

export function VerdictFoot({ onChoose }: { readonly onChoose: (filter: string) => void }): ReactElement | null {
  const counts = useVerdictCounts();
  if (counts === null) return null;
  return (
    <span className="line-up" style={{ gap: 12 }}>
      {VERDICTS.filter((verdict) => counts[verdict] > 0).map((verdict) => (
        <button
          key={verdict}
          type="button"
          aria-label={`${count(counts[verdict])} ${strings.verdict[verdict]}`}
          onClick={() => onChoose(`~verdict ${verdict}`)}
        >
          <VerdictMark verdict={verdict}>{count(counts[verdict])}</VerdictMark>
        </button>
      ))}
    </span>
  );
}
