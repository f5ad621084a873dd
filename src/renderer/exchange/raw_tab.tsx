// The messages as they went over the wire (content coding undone): start line, headers, body.
import { type ReactElement, useState } from "react";
import type { BodySide } from "../../shared/contract.ts";
import type { ExchangeDetail } from "../../shared/exchange.ts";
import { strings } from "../strings.ts";
import { Segments } from "../ui/controls.tsx";
import { Side } from "../ui/side.tsx";
import { State } from "../ui/state.tsx";
import { BodyPane } from "./body/body_pane.tsx";
import { Headers } from "./headers.tsx";

export function RawTab({ exchange }: { readonly exchange: ExchangeDetail }): ReactElement {
  const [side, setSide] = useState<BodySide>("request");
  const { request, response } = exchange;
  return (
    <div className="column fill">
      <div className="tab-tools">
        <Segments<BodySide>
          label={strings.raw.messages}
          value={side}
          choices={[
            { value: "request", label: strings.exchange.tab.request },
            { value: "elasticsearch", label: <SideLabel side="es" /> },
            { value: "clickhouse", label: <SideLabel side="ch" /> },
          ]}
          onChange={setSide}
        />
      </div>
      {side === "request" ? (
        <>
          <StartLine text={`${exchange.method} ${exchange.path} HTTP/${request.version}`} />
          <div className="raw-headers scroll">
            <Headers headers={request.headers} label={strings.request.part.headers} />
          </div>
          <BodyPane id={exchange.id} side="request" truncated={request.truncated} raw />
        </>
      ) : side === "elasticsearch" && response === null ? (
        <State title={strings.responses.noAnswer} />
      ) : side === "elasticsearch" && response !== null ? (
        <>
          <StartLine text={`HTTP/${response.version} ${exchange.status} ${response.reason}`} />
          <div className="raw-headers scroll">
            <Headers headers={response.headers} label={strings.request.part.headers} />
          </div>
          <BodyPane id={exchange.id} side="elasticsearch" truncated={response.truncated} raw />
        </>
      ) : (
        <BodyPane id={exchange.id} side="clickhouse" truncated={false} raw />
      )}
    </div>
  );
}

function SideLabel({ side }: { readonly side: "es" | "ch" }): ReactElement {
  return (
    <>
      <Side side={side} />
      {strings.responses.response}
    </>
  );
}

function StartLine({ text }: { readonly text: string }): ReactElement {
  return <div className="start-line mono">{text}</div>;
}
