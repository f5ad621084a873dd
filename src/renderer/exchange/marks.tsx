// What someone made of an exchange: a marker and a comment, under its head. Either pins it.
import { useQueryClient } from "@tanstack/react-query";
import { type ReactElement, useState } from "react";
import type { ExchangeDetail, ExchangeSummary } from "../../shared/exchange.ts";
import { useAction } from "../api/hooks.ts";
import { strings } from "../strings.ts";
import "./resend.css";

interface MarksProps {
  readonly exchange: ExchangeDetail;
  readonly onChanged?: ((row: ExchangeSummary) => void) | undefined;
  readonly onDone: () => void;
}

/** Nothing where nobody said anything of it. */
export function Marks({ editing, ...props }: MarksProps & { readonly editing: boolean }): ReactElement | null {
  const { marker = "", comment = "" } = props.exchange;
  if (editing) return <MarksForm {...props} />;
  if (marker === "" && comment === "") return null;
  return (
    <div className="line-up marks">
      {marker === "" ? null : <span className="marker">{marker}</span>}
      <span className="cut grow s2" title={comment}>
        {comment}
      </span>
    </div>
  );
}

function MarksForm({ exchange, onChanged, onDone }: MarksProps): ReactElement {
  const client = useQueryClient();
  const mark = useAction("exchange.mark");
  const [marker, setMarker] = useState(exchange.marker ?? "");
  const [comment, setComment] = useState(exchange.comment ?? "");
  const save = () =>
    mark.mutate(
      { id: exchange.id, marker: marker.trim(), comment: comment.trim() },
      {
        onSuccess: (row) => {
          onChanged?.(row);
          void client.invalidateQueries({ queryKey: ["exchange.get", { id: exchange.id }] });
          onDone();
        },
      },
    );
  return (
    <form
      className="line-up marks"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onDone();
      }}
    >
      <input
        className="field marks-marker"
        aria-label={strings.marks.marker}
        placeholder={strings.marks.marker}
        maxLength={40}
        value={marker}
        onChange={(event) => setMarker(event.target.value)}
      />
      <input
        // biome-ignore lint/a11y/noAutofocus: the form opens because someone asked for it
        autoFocus
        className="field grow"
        aria-label={strings.marks.comment}
        placeholder={strings.marks.comment}
        value={comment}
        onChange={(event) => setComment(event.target.value)}
      />
      <button type="submit" className="btn small" disabled={mark.isPending}>
        {strings.marks.save}
      </button>
      {mark.isError ? (
        <span className="s2 different cut" role="alert" title={mark.error.message}>
          {mark.error.message}
        </span>
      ) : null}
    </form>
  );
}
