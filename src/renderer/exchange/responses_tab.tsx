// Both answers: one side, the other, or their difference, by key or as text.
import { type ReactElement, useState } from "react";
import type { ExchangeDetail, SearchPart } from "../../shared/exchange.ts";
import { CodeView } from "../code/code_view.tsx";
import { strings } from "../strings.ts";
import { Segments } from "../ui/controls.tsx";
import { bytes } from "../ui/format.ts";
import { Side, SideHead } from "../ui/side.tsx";
import { State } from "../ui/state.tsx";
import { isAlone } from "./alone.ts";
import { OtherBody, type Stage, StageChoice } from "./altered.tsx";
import { BodyPane } from "./body/body_pane.tsx";
import { useIndented } from "./body/body_text.ts";
import { DiffPane } from "./diff/diff_pane.tsx";
import { PartPicker } from "./part_picker.tsx";

type What = "es" | "ch" | "diff";

export function ResponsesTab({ exchange }: { readonly exchange: ExchangeDetail }): ReactElement {
  const [position, setPosition] = useState(0);
  const part = exchange.searches[position] ?? exchange.searches[0];
  const alone = isAlone(exchange);
  // Of a search with clauses without SQL only the rest is there: no answer to set beside the other.
  const comparable = part !== undefined && part.clickhouse !== null && part.comparison.verdict !== "unsupported" && !alone;
  const [chosen, setChosen] = useState<What | null>(null);
  const what = chosen ?? (alone ? "ch" : comparable ? "diff" : "es");
  const choose = (
    <>
      <Segments<What>
        label={strings.responses.label}
        value={what}
        choices={[
          { value: "es", label: <Side side="es" />, title: strings.side.es },
          { value: "ch", label: <Side side="ch" />, title: strings.side.ch },
          { value: "diff", label: strings.responses.diff },
        ]}
        onChange={setChosen}
      />
      <PartPicker parts={exchange.searches} position={part?.position ?? 0} onChange={setPosition} />
    </>
  );
  if (what === "diff" && part !== undefined && comparable)
    return <DiffPane key={part.position} exchange={exchange} part={part} lead={choose} />;
  return (
    <div className="column fill">
      <div className="tab-tools">{choose}</div>
      <Answer what={what} exchange={exchange} part={part} />
    </div>
  );
}

interface AnswerProps {
  readonly what: What;
  readonly exchange: ExchangeDetail;
  readonly part: SearchPart | undefined;
}

function Answer({ what, exchange, part }: AnswerProps): ReactElement {
  const [stage, setStage] = useState<Stage>("wentOn");
  if (what === "es") {
    if (exchange.response === null) return <State title={strings.responses.noAnswer}>{exchange.error}</State>;
    if (isAlone(exchange)) return <State title={strings.responses.notAsked}>{exchange.note}</State>;
    const { given, truncated } = exchange.response;
    const other = stage === "came" ? given : undefined;
    return (
      <>
        <SideHead side="es">
          <b className="b">{strings.side.es}</b>
          <span className="mut">{bytes((other ?? exchange.response).bodyBytes)}</span>
          {given === undefined ? null : <StageChoice label={strings.altered.response} stage={stage} onChange={setStage} />}
        </SideHead>
        {other === undefined ? null : <div className="start-line mono">{`HTTP/${exchange.response.version} ${other.status}`}</div>}
        {other === undefined ? (
          <BodyPane id={exchange.id} side="elasticsearch" truncated={truncated} />
        ) : (
          <OtherBody id={exchange.id} message={other} side="given" own="elasticsearch" truncated={truncated} />
        )}
      </>
    );
  }
  const apart = part?.clickhouseBytes !== undefined;
  if (isAlone(exchange) || apart) return <BodyPane id={exchange.id} side="clickhouse" truncated={false} />;
  if (part === undefined || part.clickhouse === null) {
    return <State title={strings.responses.notRun}>{part?.comparison.reason ?? exchange.note}</State>;
  }
  return <ClickHouseAnswer text={part.clickhouse} />;
}

function ClickHouseAnswer({ text }: { readonly text: string }): ReactElement {
  const indented = useIndented(text);
  return (
    <>
      <SideHead side="ch">
        <b className="b">{strings.side.ch}</b>
        <span className="mut">{strings.responses.inShape}</span>
      </SideHead>
      <CodeView text={indented ?? text} language="json" label={strings.body.label.clickhouse} />
    </>
  );
}
