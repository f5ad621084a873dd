// A message that a rule, a script or a breakpoint changed: as it came, or as it was sent on.
import type { ReactElement } from "react";
import type { BodySide } from "../../shared/contract.ts";
import type { GivenResponse, SentRequest } from "../../shared/exchange.ts";
import { strings } from "../strings.ts";
import { Segments } from "../ui/controls.tsx";
import { State } from "../ui/state.tsx";
import { BodyPane } from "./body/body_pane.tsx";

const WORDS = strings.altered;

export type Stage = "came" | "wentOn";
const STAGES: readonly Stage[] = ["came", "wentOn"];

interface StageChoiceProps {
  readonly label: string;
  readonly stage: Stage;
  readonly onChange: (stage: Stage) => void;
}

export function StageChoice({ label, stage, onChange }: StageChoiceProps): ReactElement {
  return (
    <Segments<Stage>
      label={label}
      small
      bare
      value={stage}
      choices={STAGES.map((value) => ({ value, label: WORDS[value] }))}
      onChange={onChange}
    />
  );
}

interface OtherBodyProps {
  readonly id: number;
  /** The message that is not the client's. */
  readonly message: SentRequest | GivenResponse;
  /** Where it lies, and where the client's does. */
  readonly side: BodySide;
  readonly own: BodySide;
  /** Of the client's. */
  readonly truncated: boolean;
}

/** The body of the message that is not the client's. */
export function OtherBody({ id, message, side, own, truncated }: OtherBodyProps): ReactElement {
  if (message.body === undefined) return <State title={WORDS.notKept} />;
  if (message.body !== "same") return <BodyPane id={id} side={side} truncated={message.body === "cut"} />;
  return (
    <div className="column fill">
      <p className="note body-note">{WORDS.same}</p>
      <BodyPane id={id} side={own} truncated={truncated} />
    </div>
  );
}
