// One body, laid out: with its states (loading, empty, not text, cut by the capture limit, longer than is shown at once).
import { type ReactElement, useState } from "react";
import type { BodySide } from "../../../shared/contract.ts";
import { CodeView } from "../../code/code_view.tsx";
import { strings } from "../../strings.ts";
import { bytes } from "../../ui/format.ts";
import { LoadingBars, State } from "../../ui/state.tsx";
import { FIRST_BYTES, useBody, useIndented } from "./body_text.ts";

interface BodyPaneProps {
  readonly id: number;
  readonly side: BodySide;
  readonly truncated: boolean;
  /** As sent, without layout. */
  readonly raw?: boolean;
}

export function BodyPane({ id, side, truncated, raw = false }: BodyPaneProps): ReactElement {
  const [limit, setLimit] = useState(FIRST_BYTES);
  const body = useBody(id, side, true, limit);
  const indented = useIndented(raw ? undefined : body.data?.text, truncated || body.data?.whole === false);
  if (body.isError) return <State title={strings.body.unavailable}>{body.error.message}</State>;
  if (body.data === undefined) return <LoadingBars />;
  if (body.data.totalBytes === 0) return <State title={strings.body.empty} />;
  const text = raw ? body.data.text : indented;
  if (text === null) return <LoadingBars />;
  return (
    <div className="column fill">
      {truncated ? <p className="note body-note">{strings.body.truncated(bytes(body.data.totalBytes))}</p> : null}
      {body.data.encoding === "base64" ? <p className="note body-note">{strings.body.binary}</p> : null}
      {body.data.whole ? null : (
        <p className="note body-note">
          {strings.body.firstOnly(bytes(limit), bytes(body.data.totalBytes))}{" "}
          <button type="button" className="btn small" onClick={() => setLimit(limit * 4)}>
            {strings.body.more}
          </button>
        </p>
      )}
      <CodeView
        text={text}
        language={raw || body.data.encoding === "base64" ? "text" : "json"}
        label={strings.body.label[side]}
        wrap={raw}
      />
    </div>
  );
}
