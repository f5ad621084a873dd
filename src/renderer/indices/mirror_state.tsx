// How an index stands, in a few words or a bar: what is copied now, what waits, what is missing.
import type { ReactElement } from "react";
import type { IndexInfo } from "../../shared/contract.ts";
import type { PipeInfo } from "../../shared/pipe.ts";
import { strings } from "../strings.ts";
import { count, percent } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";

export function MirrorState({ index, pipe }: { readonly index: IndexInfo; readonly pipe: PipeInfo | undefined }): ReactElement {
  if (pipe?.state === "running") return <Progress pipe={pipe} />;
  const { elasticsearch: es, clickhouse: ch, lag } = index;
  const words = strings.indices;
  if (pipe?.state === "failed") return <Trouble title={pipe.lastError}>{words.failed(pipe.kind)}</Trouble>;
  if (pipe?.state === "kept-back") return <span className="mut">{words.keptBack(pipe.kind)}</span>;
  if (index.mode === "tap")
    return (
      <span className="mut" title={index.reason}>
        {index.notMirrored > 0 && ch.docs !== null ? words.notMirrored(count(index.notMirrored)) : words.noTable}
      </span>
    );
  if (ch.docs === null)
    return (
      <span className="mut" title={index.reason}>
        {words.noTable}
      </span>
    );
  if (index.notMirrored > 0)
    return <Trouble title={index.reason || words.notMirroredHint}>{words.notMirrored(count(index.notMirrored))}</Trouble>;
  if (lag.documents > 0) return <span className="mirror-state b">{words.waiting(count(lag.documents))}</span>;
  if (es.docs !== null && es.docs !== ch.docs)
    return <Trouble title={index.reason}>{words.apart(count(Math.abs(es.docs - ch.docs)))}</Trouble>;
  if (index.reason !== "") return <Trouble title={index.reason}>{words.inPart}</Trouble>;
  return (
    <span className="mirror-state in-step">
      <Icon name="check" size={14} />
      {words.inStep}
    </span>
  );
}

function Trouble({ title, children }: { readonly title: string; readonly children: string }): ReactElement {
  return (
    <span className="mirror-state different" title={title}>
      <Icon name="failed" size={14} />
      {children}
    </span>
  );
}

function Progress({ pipe }: { readonly pipe: PipeInfo }): ReactElement {
  const { progress, lastError } = pipe;
  const { done, total } = { done: progress?.done ?? 0, total: progress?.total ?? 0 };
  const share = total > 0 ? Math.min(1, done / total) : 0;
  const text = lastError === "" ? progressWords(pipe) : strings.indices.waits;
  return (
    <span className="copying" title={lastError || pipe.title}>
      <span
        className="copy-bar"
        role="progressbar"
        aria-label={pipe.title}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share * 100)}
      >
        <i style={{ width: `${share * 100}%` }} />
      </span>
      <span className="cut">{text}</span>
    </span>
  );
}

/** `66 %, 5 s left`. */
export function progressWords({ progress }: PipeInfo): string {
  if (progress === null || progress.total === null) return strings.indices.begins;
  if ((progress.pass ?? 1) > 1) return strings.indices.looksAgain;
  const share = progress.total === 0 ? "" : percent(progress.done, progress.total);
  return [share, progress.secondsLeft === null || progress.secondsLeft <= 0 ? "" : strings.indices.left(progress.secondsLeft)]
    .filter((part) => part !== "")
    .join(", ");
}
