// The pattern of each verdict in a drawing, as bars of verdicts have it elsewhere: colour is never alone.
import { Fragment, type ReactElement } from "react";
import type { Verdict } from "../../../shared/exchange.ts";

/** From the axis up: what asks for a look is on top. */
export const STACKED: readonly Verdict[] = ["equal", "equivalent", "not_compared", "unsupported", "different", "failed"];

/** `id` is the drawing's own: patterns are named in the whole page. */
export function fillOf(verdict: Verdict, id: string): string {
  switch (verdict) {
    case "equal":
      return "var(--bar-equal)";
    case "equivalent":
      return `url(#${id}-equivalent)`;
    case "unsupported":
      return `url(#${id}-unsupported)`;
    case "different":
      return "var(--v-different)";
    case "failed":
      return `url(#${id}-failed)`;
    case "not_compared":
      return "var(--bar-none)";
  }
}

export function VerdictPatterns({ id }: { readonly id: string }): ReactElement {
  return (
    <Fragment>
      <pattern id={`${id}-equivalent`} width="4" height="4" patternUnits="userSpaceOnUse">
        <rect width="4" height="2" fill="var(--v-equivalent)" />
      </pattern>
      <pattern id={`${id}-unsupported`} width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="2" height="4" fill="var(--v-unsupported)" />
      </pattern>
      <pattern id={`${id}-failed`} width="6" height="6" patternUnits="userSpaceOnUse">
        <rect width="6" height="6" fill="var(--v-failed-soft)" />
        <rect x="2" y="2" width="2" height="2" fill="var(--v-failed)" />
      </pattern>
    </Fragment>
  );
}
