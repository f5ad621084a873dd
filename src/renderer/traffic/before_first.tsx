// In the place of the list before there is anything to list: how far the start is; then where to point a client, and something to look at
// with one click.
import type { ReactElement } from "react";
import { useAction, useCall } from "../api/hooks.ts";
import { StartSteps } from "../first_run/steps.tsx";
import { go } from "../route.ts";
import { SampleData } from "../sample_data/sample_data.tsx";
import { strings } from "../strings.ts";
import { State } from "../ui/state.tsx";
import "./before_first.css";

export function Starting(): ReactElement {
  const status = useCall("status.get", {}).data;
  return (
    <div className="state" role="status">
      <h2>{strings.traffic.starting}</h2>
      <div className="steps">
        <StartSteps status={status} />
      </div>
    </div>
  );
}

export function EmptyList(): ReactElement {
  const status = useCall("status.get", {}).data;
  const port = status?.proxy.port ?? 9280;
  return (
    <div className="scroll">
      <State
        title={strings.traffic.empty(port)}
        paste={strings.start.hostsLine(port)}
        action={{ label: strings.traffic.howToConnect, run: () => go({ page: "start" }) }}
      >
        {strings.traffic.emptyAdvice}
      </State>
      {status === undefined || status.session.sample || status.session.readOnly ? null : <Offer />}
    </div>
  );
}

function Offer(): ReactElement {
  const sample = useAction("session.sample");
  return (
    <div className="state-offer">
      <h2>{strings.traffic.nothingToPoint}</h2>
      <p>{strings.start.sampleText}</p>
      <button type="button" className="btn" disabled={sample.isPending} onClick={() => sample.mutate({})}>
        {strings.start.sampleNow}
      </button>
      {sample.error === null ? null : (
        <p className="note different" role="alert">
          {sample.error.message}
        </p>
      )}
      <SampleData />
    </div>
  );
}
