// Filters that someone kept, as chips; and the chip that keeps the one in force.
import type { ReactElement } from "react";
import { strings } from "../strings.ts";
import { IconButton } from "../ui/controls.tsx";
import { Icon } from "../ui/icon.tsx";
import { forgetFilter, keepFilter, useKeptFilters } from "./kept_filters.ts";

interface KeptChipsProps {
  /** The filter of the bar. */
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
}

export function KeptChips({ filter, onFilter }: KeptChipsProps): ReactElement {
  const kept = useKeptFilters();
  return (
    <>
      {kept.map((text) => (
        <span key={text} className="kept-chip">
          <button
            type="button"
            className="chip mono cut"
            aria-pressed={text === filter}
            title={text}
            onClick={() => onFilter(text === filter ? "" : text)}
          >
            {text}
          </button>
          <IconButton icon="close" label={strings.traffic.forgetFilter(text)} onClick={() => forgetFilter(text)} />
        </span>
      ))}
      {filter === "" || kept.includes(filter) ? null : (
        <button type="button" className="chip" title={strings.traffic.keepHint} onClick={() => keepFilter(filter)}>
          <Icon name="pin" size={12} /> {strings.commands.saveFilter}
        </button>
      )}
    </>
  );
}
