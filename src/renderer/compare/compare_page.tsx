// Compare: how searches came out and how long both sides took, by what they have in common. A press on a group goes one step
// closer, on a shape to its exchanges in Traffic; crumbs go back.
import { Fragment, type ReactElement, useState } from "react";
import { COMPARE_BY, type CompareAnswer, type CompareGroup } from "../../shared/compare.ts";
import { VERDICTS } from "../../shared/exchange.ts";
import { useCall, useInvalidation } from "../api/hooks.ts";
import { useReadOnly } from "../api/read_only.ts";
import { useSharedFile } from "../api/shared_file.ts";
import { CommandKey } from "../frame/command_key.tsx";
import { go, printRoute, useRoute } from "../route.ts";
import { ShareButton } from "../share/share_button.tsx";
import { strings } from "../strings.ts";
import { FilterBar } from "../traffic/filter_bar.tsx";
import { both } from "../traffic/filter_language.ts";
import { Segments, Switch } from "../ui/controls.tsx";
import { count, percent } from "../ui/format.ts";
import { AwaitedPage, LoadingBars, State } from "../ui/state.tsx";
import { Proportion, sumCounts, VerdictMark } from "../ui/verdict.tsx";
import { GroupAside } from "./group_aside.tsx";
import { agreeing, GroupTable, shareText } from "./group_table.tsx";
import { JudgeAgain } from "./judge_again.tsx";
import { before, type ComparePlace, closer, goTo, groupName, inside, placeOf, sharedPlace, trafficFilter } from "./place.ts";
import "./compare.css";

const MOST_GROUPS = 500;
/** A dear answer may be a little older than the last search: it is asked for again, though nothing came meanwhile. */
const ASKED_AGAIN_MS = 5_000;

export function ComparePage(): ReactElement {
  const place = placeOf(useRoute());
  const { by, filter, within } = place;
  const answer = useCall(
    "compare.groups",
    { by, limit: MOST_GROUPS, ...(filter === "" ? {} : { filter }), ...within },
    { keep: true, everyMs: ASKED_AGAIN_MS },
  );
  useInvalidation(["compare.groups", "compare.points", "compare.why", "exchanges.list"], "verdicts", 2000);
  const [only, setOnly] = useState(false);
  const shared = useSharedFile();
  const refusal = answer.error?.code === "bad_filter" ? answer.error.message : "";
  if (answer.isError && refusal === "" && answer.data === undefined) {
    return <AwaitedPage page="compare" title={strings.compare.unavailable} query={answer} />;
  }
  const narrowed = filter !== "" || Object.keys(within).length > 0;
  if (answer.data?.all.searches === 0 && !narrowed) {
    return (
      <>
        <div className="page-head">
          <h1>{strings.pages.compare}</h1>
        </div>
        <State title={strings.compare.empty} action={{ label: strings.traffic.howToConnect, run: () => go({ page: "start" }) }}>
          {strings.compare.emptyAdvice}
        </State>
      </>
    );
  }
  return (
    <div className="compare-page column fill">
      <h1 className="unseen">{strings.pages.compare}</h1>
      {answer.data === undefined ? null : <Summary answer={answer.data} place={place} />}
      <div className="tab-tools compare-tools">
        <Segments
          label={strings.compare.groupedBy}
          choices={COMPARE_BY.map((value) => ({ value, label: strings.compare.by[value] }))}
          value={by}
          // A shared file holds the places that one comes to by going closer.
          onChange={(value) => goTo(shared ? { by: value, filter: "", within: {} } : { ...place, by: value })}
        />
        {shared ? (
          <span className="grow" />
        ) : (
          <FilterBar value={filter} refusal={refusal} onChange={(text) => goTo({ ...place, filter: text }, true)} />
        )}
        <Switch on={only} onChange={setOnly}>
          {strings.compare.only}
        </Switch>
        <ShareButton of={sharedPlace(filter, within)} page={{ start: "compare" }} />
      </div>
      {answer.data === undefined ? (
        refusal === "" ? (
          <LoadingBars />
        ) : null
      ) : (
        <Groups key={`${by} ${JSON.stringify(within)}`} answer={answer.data} place={place} only={only} />
      )}
    </div>
  );
}

function Groups({
  answer,
  place,
  only,
}: {
  readonly answer: CompareAnswer;
  readonly place: ComparePlace;
  readonly only: boolean;
}): ReactElement {
  const [selected, setSelected] = useState<string | null>(null);
  // The answer before, which is shown meanwhile, may be of other groups.
  const at: ComparePlace = { ...place, by: answer.by };
  const groups = only ? answer.groups.filter(({ counts }) => counts.equal + counts.equivalent < sumCounts(counts)) : answer.groups;
  const group = answer.groups.find(({ key }) => key === selected);
  const open = (opened: CompareGroup) => {
    const next = closer(at, opened.key, answer.bucketMs);
    if (next !== null) goTo(next);
    else go({ page: "traffic", filter: trafficFilter(at.filter, inside(at, opened.key, null)), id: opened.example });
  };
  const { compare } = strings;
  return (
    <div className="compare-split fill">
      <section className="column">
        <GroupTable by={answer.by} groups={groups} selected={selected} onSelect={setSelected} onOpen={open} />
        <div className="foot">
          <span>{compare.shown(groups.length, answer.left)}</span>
          <span>{compare.axis}</span>
          <span className="keys">
            <span>
              <CommandKey of="openAlone" /> {answer.by === "shape" ? compare.open : compare.closer}
            </span>
          </span>
        </div>
      </section>
      <GroupAside
        name={group === undefined ? compare.allSearches : groupName({ by: answer.by, ...group })}
        group={group ?? answer.all}
        filter={place.filter}
        within={group === undefined ? place.within : inside(at, group.key, answer.bucketMs)}
      />
    </div>
  );
}

function Summary({ answer, place }: { readonly answer: CompareAnswer; readonly place: ComparePlace }): ReactElement {
  const { counts, searches, similarity } = answer.all;
  const [agree, compared] = agreeing(counts);
  const { since, until } = place.within;
  const filter = trafficFilter(place.filter, place.within);
  const fixed = [useReadOnly(), since !== undefined, until !== undefined].includes(true);
  return (
    <div className="compare-summary">
      <div>
        <Crumbs answer={answer} place={place} />
        <div className="big">
          {strings.compare.agree(percent(agree, compared))}{" "}
          <span className="s2 mut">{strings.compare.ofCompared(count(compared), searches, shareText(similarity))}</span>
        </div>
      </div>
      <div>
        <Proportion counts={counts} height={14} />
        <div className="compare-legend">
          {VERDICTS.filter((verdict) => counts[verdict] > 0).map((verdict) => (
            <a key={verdict} href={printRoute({ page: "traffic", filter: both(filter, `~verdict ${verdict}`) })}>
              <VerdictMark verdict={verdict}>
                {strings.verdict[verdict]} <b>{count(counts[verdict])}</b>
              </VerdictMark>
            </a>
          ))}
          {fixed ? null : <JudgeAgain key={filter} filter={filter} />}
        </div>
      </div>
    </div>
  );
}

function Crumbs({ answer, place }: { readonly answer: CompareAnswer; readonly place: ComparePlace }): ReactElement {
  const { within } = answer;
  return (
    <nav className="compare-crumbs s2" aria-label={strings.compare.crumbs}>
      {within.length === 0 ? <span className="mut">{strings.compare.allSearches}</span> : null}
      {within.map((crumb, i) => (
        <Fragment key={crumb.by}>
          <button type="button" className="link" onClick={() => goTo(before(place, within, i))}>
            {i === 0 ? strings.compare.allSearches : groupName(within[i - 1] ?? crumb)}
          </button>
          <span className="mut" aria-hidden="true">
            ›
          </span>
        </Fragment>
      ))}
      {within.length === 0 ? null : <b className="cut">{groupName(within.at(-1) ?? { by: "shape", key: "", title: "" })}</b>}
    </nav>
  );
}
