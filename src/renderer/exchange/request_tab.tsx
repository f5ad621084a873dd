// What was asked: the body laid out, a `_bulk` or `_msearch` as pairs beside their answers; the headers.
import { type ReactElement, useState } from "react";
import type { ExchangeDetail } from "../../shared/exchange.ts";
import { strings } from "../strings.ts";
import { Segments } from "../ui/controls.tsx";
import { bytes } from "../ui/format.ts";
import { OtherBody, type Stage, StageChoice } from "./altered.tsx";
import { BodyPane } from "./body/body_pane.tsx";
import { PairsPane } from "./body/pairs_pane.tsx";
import { Headers } from "./headers.tsx";
import { ResendEditor } from "./resend_editor.tsx";

type Part = "pairs" | "body" | "headers" | "edit";

export function RequestTab({ exchange, edited }: { readonly exchange: ExchangeDetail; readonly edited: boolean }): ReactElement {
  const paired = exchange.endpoint === "_bulk" || exchange.endpoint === "_msearch";
  const [chosen, setChosen] = useState<Part>(edited ? "edit" : paired ? "pairs" : "body");
  const parts: readonly Part[] = paired ? ["pairs", "body", "headers", "edit"] : ["body", "headers", "edit"];
  const [stage, setStage] = useState<Stage>("came");
  const part = parts.includes(chosen) ? chosen : "body";
  const { sent } = exchange.request;
  const other = stage === "wentOn" && part !== "edit" ? sent : undefined;
  return (
    <div className="column fill">
      <div className="tab-tools">
        <Segments<Part>
          label={strings.request.parts}
          value={part}
          choices={parts.map((value) => ({ value, label: strings.request.part[value] }))}
          onChange={setChosen}
        />
        {sent === undefined || part === "edit" ? null : <StageChoice label={strings.altered.request} stage={stage} onChange={setStage} />}
        <span className="grow" />
        <span className="mut s2">{bytes((other ?? exchange.request).bodyBytes)}</span>
      </div>
      {other === undefined ? null : <div className="start-line mono">{`${other.method} ${other.path}`}</div>}
      {part === "edit" ? (
        <ResendEditor exchange={exchange} />
      ) : part === "headers" ? (
        <div className="fill scroll">
          <Headers headers={(other ?? exchange.request).headers} label={strings.request.part.headers} />
        </div>
      ) : other !== undefined ? (
        <OtherBody id={exchange.id} message={other} side="sent" own="request" truncated={exchange.request.truncated} />
      ) : part === "pairs" ? (
        <PairsPane exchange={exchange} />
      ) : (
        <BodyPane id={exchange.id} side="request" truncated={exchange.request.truncated} />
      )}
    </div>
  );
}
