// First run as a page: what this is and how to start at the left; where to point the client, and the first request
// arriving, at the right.
import { type ReactElement, useEffect, useState } from "react";
import type { Status } from "../../shared/contract.ts";
import type { ExchangeSummary } from "../../shared/exchange.ts";
import { useCall, useConnected, useEvent } from "../api/hooks.ts";
import { useCommands } from "../frame/keys.ts";
import { go, printRoute } from "../route.ts";
import { SampleData } from "../sample_data/sample_data.tsx";
import { strings } from "../strings.ts";
import { CopyButton } from "../ui/controls.tsx";
import { clock } from "../ui/format.ts";
import { Icon, Logo } from "../ui/icon.tsx";
import { type StartChoice, StartChoices } from "./choices.tsx";
import { FlowDrawing } from "./flow_drawing.tsx";
import { StartSteps } from "./steps.tsx";
import { dismissWelcome } from "./welcome_panel.tsx";
import "./first_run.css";

export function StartPage(): ReactElement {
  const status = useCall("status.get", {}).data;
  const connected = useConnected();
  const [chosen, setChosen] = useState<StartChoice>("connect");
  const toTraffic = () => {
    dismissWelcome();
    go({ page: "traffic" });
  };
  useCommands({
    chooseConnect: () => setChosen("connect"),
    chooseSample: () => setChosen("sample"),
    chooseFile: () => setChosen("file"),
    leave: toTraffic,
  });
  return (
    <div className="start-page scroll">
      <header>
        <Logo />
        {strings.start.name}
        <span className="grow" />
        <button type="button" className="btn ghost" onClick={toTraffic}>
          {strings.start.toTraffic}
          <Icon name="right" />
        </button>
      </header>
      <main>
        <section>
          <h1>{strings.start.title}</h1>
          <p className="lead">{strings.start.lead}</p>
          {connected ? null : <p className="note different">{strings.engine.lost}</p>}
          <StartChoices status={status} chosen={chosen} onChoose={setChosen} onStarted={toTraffic} />
        </section>
        <section className="point-here">
          <h2>{strings.start.pointHere}</h2>
          <p className="dim">{strings.start.pointText}</p>
          <HostsLine port={status?.proxy.port ?? 9280} />
          {status === undefined ? null : <FlowDrawing status={status} />}
          <Steps status={status} onOpen={(id) => go({ page: "traffic", id })} />
          <SampleData />
          <p className="s2">
            <a href={printRoute({ page: "kibana" })}>{strings.start.toKibana}</a>
          </p>
        </section>
      </main>
      <footer>
        <span>{strings.start.local}</span>
        <span className="grow" />
        {status === undefined ? null : <span>{strings.start.inBrowser(status.interface.url)}</span>}
      </footer>
    </div>
  );
}

export function HostsLine({ port }: { readonly port: number }): ReactElement {
  const line = strings.start.hostsLine(port);
  return (
    <>
      <div className="paste-line">
        <span className="cut grow">{line}</span>
        <CopyButton text={line} label={strings.copy} small={false} />
      </div>
      <p className="s2 mut">
        {strings.start.orTry} <span className="mono">{strings.start.curl(port)}</span>
      </p>
    </>
  );
}

function Steps({ status, onOpen }: { readonly status: Status | undefined; readonly onOpen: (id: number) => void }): ReactElement {
  const first = useFirstRequest();
  const waited = useSeconds(first === null);
  return (
    <>
      <div className="steps" role="status">
        <StartSteps status={status} />
        {first === null ? (
          <div className="step waiting">
            <span className="spinner" />
            <span>{strings.start.waiting}</span>
            <span className="num mut s2">
              {Math.floor(waited / 60)}:{String(waited % 60).padStart(2, "0")}
            </span>
          </div>
        ) : (
          <button type="button" className="step first" onClick={() => onOpen(first.id)}>
            <Icon name="check" />
            <span className="cut">
              {strings.start.firstRequest} <span className="mono">{`${first.method} ${first.path}`}</span>
            </span>
            <span className="mut s2">{clock(first.time).time}</span>
          </button>
        )}
      </div>
      {first === null && waited >= 30 ? <p className="note">{strings.start.nothingYet}</p> : null}
    </>
  );
}

/** The newest request of the session, as soon as there is one. */
function useFirstRequest(): ExchangeSummary | null {
  const page = useCall("exchanges.list", { limit: 1 });
  const [pushed, setPushed] = useState<ExchangeSummary | null>(null);
  useEvent("exchanges", (event) => setPushed((known) => known ?? event.changed[0] ?? null));
  return pushed ?? page.data?.exchanges[0] ?? null;
}

function useSeconds(running: boolean): number {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    if (!running) return undefined;
    const timer = setInterval(() => setSeconds((now) => now + 1), 1000);
    return () => clearInterval(timer);
  }, [running]);
  return seconds;
}
