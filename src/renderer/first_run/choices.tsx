// The three ways to start: connect, the sample, a session file. On the start page and in the panel over Traffic.
import { type ReactElement, type ReactNode, useEffect, useRef, useState } from "react";
import type { Backend, Status } from "../../shared/contract.ts";
import { useAction } from "../api/hooks.ts";
import { ChooseFile, useOpenFile } from "../frame/open_file.tsx";
import { strings } from "../strings.ts";
import { Icon } from "../ui/icon.tsx";

export type StartChoice = "connect" | "sample" | "file";

interface ChoicesProps {
  readonly status: Status | undefined;
  readonly chosen: StartChoice;
  readonly onChoose: (choice: StartChoice) => void;
  readonly onStarted: () => void;
}

export function StartChoices({ status, chosen, onChoose, onStarted }: ChoicesProps): ReactElement {
  return (
    <div className="start-choices" role="radiogroup" aria-label={strings.start.how}>
      <Option value="connect" chosen={chosen} onChoose={onChoose} title={strings.start.connect} number="1">
        <Connect status={status} open={chosen === "connect"} onStarted={onStarted} />
      </Option>
      <Option value="sample" chosen={chosen} onChoose={onChoose} title={strings.start.sample} number="2">
        <Sample status={status} open={chosen === "sample"} onStarted={onStarted} />
      </Option>
      <Option value="file" chosen={chosen} onChoose={onChoose} title={strings.start.file} number="3">
        <SessionFile open={chosen === "file"} onStarted={onStarted} />
      </Option>
    </div>
  );
}

interface OptionProps {
  readonly value: StartChoice;
  readonly chosen: StartChoice;
  readonly title: string;
  readonly number: string;
  readonly onChoose: (choice: StartChoice) => void;
  readonly children: ReactNode;
}

function Option({ value, chosen, title, number, onChoose, children }: OptionProps): ReactElement {
  return (
    <div className="start-choice">
      <button
        type="button"
        role="radio"
        aria-checked={chosen === value}
        aria-label={title}
        className="dot"
        onClick={() => onChoose(value)}
      />
      <div>
        <h2>
          <button type="button" tabIndex={-1} onClick={() => onChoose(value)}>
            {title}
          </button>
        </h2>
        {children}
      </div>
      <kbd>{number}</kbd>
    </div>
  );
}

interface PartProps {
  readonly open: boolean;
  readonly onStarted: () => void;
}

const USUAL = "http://localhost:9200";

/** Asks the address who it is as soon as it is shown, and when it changes. */
function Connect({ status, open, onStarted }: PartProps & { readonly status: Status | undefined }): ReactElement {
  const given = status === undefined || status.session.sample || status.elasticsearch.url === "" ? USUAL : status.elasticsearch.url;
  const [typed, setTyped] = useState<string | null>(null);
  const url = typed ?? given;
  const probe = useAction("elasticsearch.probe");
  const connect = useAction("elasticsearch.set");
  const ask = useRef(probe.mutate);
  ask.current = probe.mutate;
  useEffect(() => {
    if (!open || url.trim() === "") return undefined;
    const timer = setTimeout(() => ask.current({ url }), 300);
    return () => clearTimeout(timer);
  }, [open, url]);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        connect.mutate({ url }, { onSuccess: onStarted });
      }}
    >
      <div className="start-line-up">
        <input className="field grow" aria-label={strings.start.address} value={url} onChange={(event) => setTyped(event.target.value)} />
        <button type="submit" className="btn" disabled={connect.isPending || url.trim() === ""}>
          {connect.isPending ? strings.start.connecting : strings.start.connectNow}
        </button>
      </div>
      {connect.isError ? (
        <Finding good={false} text={connect.error.message} />
      ) : probe.isError ? (
        <Finding good={false} text={probe.error.message} />
      ) : probe.data === undefined ? (
        <p className="finding mut">{open ? strings.start.looking : ""}</p>
      ) : (
        <ProbeResult backend={probe.data} />
      )}
    </form>
  );
}

function ProbeResult({ backend }: { readonly backend: Backend }): ReactElement {
  if (backend.status === "ok")
    return <Finding good text={backend.message === "" ? strings.start.found(backend.version ?? "") : backend.message} />;
  return <Finding good={false} text={backend.message === "" ? strings.start.nothingThere(backend.url) : backend.message} />;
}

function Finding({ good, text }: { readonly good: boolean; readonly text: string }): ReactElement {
  return (
    <p className={`finding ${good ? "good" : "bad"}`} role="status">
      <Icon name={good ? "check" : "failed"} size={14} />
      <span>{text}</span>
    </p>
  );
}

function Sample({ status, open, onStarted }: PartProps & { readonly status: Status | undefined }): ReactElement {
  const sample = useAction("session.sample");
  const running = status?.session.sample === true;
  return (
    <>
      <p>{strings.start.sampleText}</p>
      {open ? (
        <button
          type="button"
          className="btn"
          disabled={sample.isPending}
          onClick={() => (running ? onStarted() : sample.mutate({}, { onSuccess: onStarted }))}
        >
          {running ? strings.start.sampleRunning : strings.start.sampleNow}
        </button>
      ) : null}
      {sample.isError ? <Finding good={false} text={sample.error.message} /> : null}
    </>
  );
}

function SessionFile({ open, onStarted }: PartProps): ReactElement {
  const [file, setFile] = useState("");
  const action = useAction("session.open");
  const opening = useOpenFile(onStarted);
  return (
    <>
      <p>{strings.start.fileText}</p>
      {open ? (
        <div className="start-line-up">
          <ChooseFile opening={opening} />
        </div>
      ) : null}
      {opening.problem === "" ? null : <Finding good={false} text={opening.problem} />}
      {open ? (
        <form
          className="start-line-up"
          onSubmit={(event) => {
            event.preventDefault();
            action.mutate({ file }, { onSuccess: onStarted });
          }}
        >
          <input
            className="field grow"
            aria-label={strings.session.path}
            placeholder={strings.session.orPath}
            value={file}
            onChange={(event) => setFile(event.target.value)}
          />
          <button type="submit" className="btn" disabled={action.isPending || file.trim() === ""}>
            {strings.session.openNow}
          </button>
        </form>
      ) : null}
      {action.isError ? <Finding good={false} text={action.error.message} /> : null}
    </>
  );
}
