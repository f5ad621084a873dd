// The box of a row. What a press on it does is the row's: it stands within the row, and its keys are the list's.
import type { ReactElement } from "react";
import { strings } from "../strings.ts";
import { Icon } from "../ui/icon.tsx";

export function TickBox({ id, ticked }: { readonly id: number; readonly ticked: boolean }): ReactElement {
  return (
    <span className="tick-box" role="checkbox" aria-checked={ticked} aria-label={strings.ticked.row(id)} tabIndex={-1}>
      {ticked ? <Icon name="check" size={12} /> : null}
    </span>
  );
}
