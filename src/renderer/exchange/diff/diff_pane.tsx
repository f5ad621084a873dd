// The difference of two answers: what was compared and by which rules, then the tree by key or the two texts side by side.
import { type ReactElement, type ReactNode, useMemo, useState } from "react";
import type { Comparison, ExchangeDetail, RuleUse, SearchPart } from "../../../shared/exchange.ts";
import { printJson } from "../../../shared/json.ts";
import { IGNORED } from "../../../shared/verdict_rules.ts";
import { useSharedFile } from "../../api/shared_file.ts";
import { strings } from "../../strings.ts";
import { Segments, Switch } from "../../ui/controls.tsx";
import { count, percent } from "../../ui/format.ts";
import { SideHead } from "../../ui/side.tsx";
import { LoadingBars, State } from "../../ui/state.tsx";
import { patternOf } from "../../verdict_rules/entries.ts";
import { EntryForm } from "../../verdict_rules/entry_form.tsx";
import { RuleChips, RulePanel } from "../../verdict_rules/rules_used.tsx";
import { useBody } from "../body/body_text.ts";
import { type AnswerPair, answerPair } from "./answers.ts";
import { DiffTree } from "./diff_tree.tsx";
import { differingPath, explainedPath } from "./explained_path.ts";
import { MergeView } from "./merge_view.tsx";
import { buildTree, type DiffNode, treeOfDifferences } from "./tree.ts";
import { WhyPane } from "./why_pane.tsx";

const WORDS = strings.verdictRules;

/** Larger answers are not laid side by side: their differences are listed. */
const MOST_CHARACTERS = 3_000_000;

type Form = "tree" | "text";

interface DiffPaneProps {
  readonly exchange: ExchangeDetail;
  readonly part: SearchPart;
  /** Stands first in the row of tools. */
  readonly lead: ReactNode;
}

export function DiffPane({ exchange, part, lead }: DiffPaneProps): ReactElement {
  const [form, setForm] = useState<Form>("tree");
  const [differencesOnly, setDifferencesOnly] = useState(part.comparison.differenceCount > 0);
  const [chosen, setChosen] = useState<string | null>(null);
  const shared = useSharedFile();
  const [why, setWhy] = useState(false);
  const [use, setUse] = useState<RuleUse | null>(null);
  const [ignoring, setIgnoring] = useState(false);
  const body = useBody(exchange.id, "elasticsearch");
  const { comparison } = part;
  const differing = differingPath(comparison, chosen);
  const pair = useMemo(() => {
    if (body.data === undefined || !body.data.whole || body.data.text.length > MOST_CHARACTERS) return null;
    return answerPair(exchange, part, body.data.text);
  }, [body.data, exchange, part]);
  const tree = useMemo(() => treeOf(pair, comparison), [pair, comparison]);
  if (body.isError) return <State title={strings.body.unavailable}>{body.error.message}</State>;
  if (body.data === undefined) return <LoadingBars />;
  return (
    <div className="column fill">
      <div className="tab-tools">
        {lead}
        <Segments<Form>
          label={strings.diff.form}
          value={form}
          choices={[
            { value: "tree", label: strings.diff.byKey },
            { value: "text", label: strings.diff.asText },
          ]}
          onChange={setForm}
        />
        <Switch on={differencesOnly} onChange={setDifferencesOnly}>
          {strings.diff.only}
        </Switch>
        {shared || explainedPath(comparison, null) === null || form === "text" ? null : (
          <Switch on={why} onChange={setWhy}>
            {strings.why.show}
          </Switch>
        )}
        {shared || differing === null || form === "text" ? null : (
          <Switch on={ignoring} onChange={setIgnoring}>
            {WORDS.ignore}
          </Switch>
        )}
        <span className="grow" />
        {comparison.differenceCount === 0 ? null : (
          <span className="s2 nowrap different">{strings.diff.paths(comparison.differenceCount)}</span>
        )}
      </div>
      <Coverage comparison={comparison} chosen={use} onChoose={setUse} />
      {use === null ? null : <RulePanel use={use} part={part} />}
      {ignoring && differing !== null ? (
        <section className="rule-panel s2" aria-label={WORDS.ignoreHere}>
          <b>{WORDS.ignoreHere}</b>
          <EntryForm key={differing} part={part} says={{ rule: IGNORED }} path={patternOf(differing)} action={WORDS.save} />
        </section>
      ) : null}
      {pair === null ? <p className="note body-note">{strings.diff.tooLarge}</p> : null}
      {form === "text" && pair !== null ? (
        <>
          <div className="merge-heads">
            <SideHead side="es">{strings.side.es}</SideHead>
            <SideHead side="ch">{strings.side.ch}</SideHead>
          </div>
          <MergeView
            elasticsearch={printJson(pair.elasticsearch, 2)}
            clickhouse={printJson(pair.clickhouse, 2)}
            collapse={differencesOnly}
          />
        </>
      ) : (
        <div className={why ? "diff-split explained" : "diff-split"}>
          <DiffTree
            tree={tree}
            differencesOnly={differencesOnly}
            elasticsearchBytes={exchange.responseBytes}
            chosen={chosen}
            onChoose={setChosen}
          />
          {why ? <WhyPane exchange={exchange.id} path={explainedPath(comparison, chosen)} /> : null}
        </div>
      )}
    </div>
  );
}

/** Both answers as one tree; their differences alone where one is too large, cut, or nested deeper than the stack goes. */
function treeOf(pair: AnswerPair | null, comparison: Comparison): DiffNode {
  if (pair === null) return treeOfDifferences(comparison);
  try {
    return buildTree(pair.elasticsearch, pair.clickhouse, comparison);
  } catch (error) {
    if (error instanceof RangeError) return treeOfDifferences(comparison);
    throw error;
  }
}

interface CoverageProps {
  readonly comparison: Comparison;
  readonly chosen: RuleUse | null;
  readonly onChoose: (use: RuleUse | null) => void;
}

function Coverage({ comparison, chosen, onChoose }: CoverageProps): ReactElement {
  const { comparedLeaves, totalLeaves, rules } = comparison;
  const share = totalLeaves === 0 ? 0 : (comparedLeaves / totalLeaves) * 100;
  return (
    <div className="coverage">
      <div className="coverage-bar" role="img" aria-label={strings.diff.coverage(percent(comparedLeaves, totalLeaves))}>
        <i style={{ width: `${share}%` }} />
        <i className="hatch" style={{ width: `${100 - share}%` }} />
      </div>
      <div className="coverage-rules">
        <b className="b">{strings.diff.coverage(percent(comparedLeaves, totalLeaves))}</b>{" "}
        <span className="mut">{strings.diff.leaves(count(comparedLeaves), count(totalLeaves))}</span>{" "}
        {rules.length === 0 ? strings.diff.noRules : strings.diff.byRule}{" "}
        <RuleChips comparison={comparison} chosen={chosen} onChoose={onChoose} />
      </div>
    </div>
  );
}
