// The first places where two answers differ, a line each.
import type { ReactElement } from "react";
import type { Difference } from "../../../shared/exchange.ts";
import { strings } from "../../strings.ts";
import { groupDigits } from "../../ui/format.ts";

const MOST_SHOWN = 8;

export function DifferenceRows({ differences }: { readonly differences: readonly Difference[] }): readonly ReactElement[] {
  return differences.slice(0, MOST_SHOWN).map((difference) => (
    <div key={difference.path} className="tr">
      <span className="mono cut-start" title={difference.path}>
        <bdi>{difference.path}</bdi>
      </span>
      <span className="num es cut" title={show(difference.elasticsearch)}>
        {show(difference.elasticsearch)}
      </span>
      <span className="num ch cut" title={show(difference.clickhouse)}>
        {show(difference.clickhouse)}
      </span>
    </div>
  ));
}

function show(text: string | null): string {
  return text === null ? strings.responses.missing : groupDigits(text);
}
