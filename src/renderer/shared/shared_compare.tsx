// Compare in a shared file: its searches by what they have in common, as they were summed up when it was made.
import { type ReactElement, useState } from "react";
import { COMPARE_BY, type CompareBy } from "../../shared/compare.ts";
import { useCall } from "../api/hooks.ts";
import { agreeing, GroupTable, shareText } from "../compare/group_table.tsx";
import { go } from "../route.ts";
import { strings } from "../strings.ts";
import { Segments } from "../ui/controls.tsx";
import { count, percent } from "../ui/format.ts";
import { LoadingBars, State } from "../ui/state.tsx";
import { Proportion } from "../ui/verdict.tsx";
import "../compare/compare.css";

export function SharedCompare(): ReactElement {
  const [by, setBy] = useState<CompareBy>("shape");
  const [selected, setSelected] = useState<string | null>(null);
  const answer = useCall("compare.groups", { by });
  if (answer.isError) return <State title={strings.compare.unavailable}>{answer.error.message}</State>;
  if (answer.data === undefined) return <LoadingBars />;
  const { all, groups } = answer.data;
  const [agree, compared] = agreeing(all.counts);
  return (
    <div className="compare-page column fill">
      <div className="compare-summary">
        <div className="big">
          {strings.compare.agree(percent(agree, compared))}{" "}
          <span className="s2 mut">{strings.compare.ofCompared(count(compared), all.searches, shareText(all.similarity))}</span>
        </div>
        <Proportion counts={all.counts} height={14} />
      </div>
      <div className="tab-tools compare-tools">
        <Segments
          label={strings.compare.groupedBy}
          choices={COMPARE_BY.map((value) => ({ value, label: strings.compare.by[value] }))}
          value={by}
          onChange={setBy}
        />
      </div>
      <GroupTable
        by={by}
        groups={groups}
        selected={selected}
        onSelect={setSelected}
        onOpen={({ example, key }) => go({ page: "traffic", id: example, filter: by === "shape" ? key : "" })}
      />
    </div>
  );
}
