// Which search of an `_msearch` is shown. Nothing where there is only one.
import type { ReactElement } from "react";
import type { SearchPart } from "../../shared/exchange.ts";
import { strings } from "../strings.ts";
import { Segments } from "../ui/controls.tsx";
import { Icon } from "../ui/icon.tsx";

interface PartPickerProps {
  readonly parts: readonly SearchPart[];
  readonly position: number;
  readonly onChange: (position: number) => void;
}

export function PartPicker({ parts, position, onChange }: PartPickerProps): ReactElement | null {
  if (parts.length < 2) return null;
  return (
    <Segments<string>
      bare
      label={strings.responses.parts}
      value={String(position)}
      choices={parts.map((part) => ({
        value: String(part.position),
        title: part.comparison.reason,
        label: (
          <>
            <Icon name={part.comparison.verdict} size={12} />
            {part.position + 1}
          </>
        ),
      }))}
      onChange={(value) => onChange(Number(value))}
    />
  );
}
