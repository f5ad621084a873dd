// The tab Profile: what worked on the exchange, on one axis. What is known stands here at once; one button asks the request once more to be profiled.
import { useQueryClient } from "@tanstack/react-query";
import { type ReactElement, useMemo, useState } from "react";
import type { ExchangeDetail } from "../../../shared/exchange.ts";
import type { ExchangeProfile, ProfileRun } from "../../../shared/exchange_profile.ts";
import { useAction, useCall } from "../../api/hooks.ts";
import { useSharedFile } from "../../api/shared_file.ts";
import { FlameTable } from "../../profiles/flame/flame_table.tsx";
import { strings } from "../../strings.ts";
import { Segments } from "../../ui/controls.tsx";
import { micros } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { LoadingBars, State } from "../../ui/state.tsx";
import { DifferencesView, shownOf } from "./differences_view.tsx";
import { allFunctions } from "./figures.ts";
import { FiguresView } from "./figures_view.tsx";
import { lanesOf, type Shown } from "./lanes.ts";
import { LanesView } from "./lanes_view.tsx";
import "./profile.css";

const WORDS = strings.profile;
const VIEWS = ["lanes", "functions", "figures", "differences"] as const;
type View = (typeof VIEWS)[number];

export function ProfileTab({ exchange }: { readonly exchange: ExchangeDetail }): ReactElement {
  const { id } = exchange;
  const client = useQueryClient();
  const profile = useCall("exchange.profile", { id }, { staleMs: 10_000 });
  const again = useAction("exchange.profile_again");
  const shared = useSharedFile();
  const [view, setView] = useState<View>("lanes");
  const [wanted, setWanted] = useState<number | null>(null);
  if (profile.data === undefined) return profile.isError ? <State title={profile.error.message} /> : <LoadingBars />;
  const chosen = wanted ?? profile.data.runs[0]?.run ?? 0;
  const run = () =>
    again.mutate(
      { id },
      {
        onSuccess: (data) => {
          client.setQueryData(["exchange.profile", { id }], data);
          setWanted(null);
        },
      },
    );
  return (
    <div className="column fill">
      <div className="tab-tools">
        <Segments<View>
          label={WORDS.views}
          value={view}
          choices={VIEWS.map((value) => ({ value, label: WORDS.view[value] }))}
          onChange={setView}
        />
        {profile.data.runs.length === 0 ? null : <RunPicker profile={profile.data} chosen={chosen} onChange={setWanted} />}
        <span className="grow" />
        {shared ? null : (
          <button
            type="button"
            className="btn ink"
            disabled={again.isPending || !isSearch(exchange)}
            title={isSearch(exchange) ? undefined : WORDS.notSearch}
            onClick={run}
          >
            <Icon name="repeat" />
            {again.isPending ? WORDS.running : WORDS.again}
          </button>
        )}
      </div>
      {again.isError ? (
        <p className="note different profile-note" role="alert">
          {again.error.message}
        </p>
      ) : null}
      <div className="scroll fill profile-body">
        <Body key={id} profile={profile.data} view={view} chosen={chosen} />
      </div>
    </div>
  );
}

function isSearch({ kind, path }: ExchangeDetail): boolean {
  return kind === "search" || /\/_m?search\/template/.test(path);
}

interface RunPickerProps {
  readonly profile: ExchangeProfile;
  readonly chosen: number;
  readonly onChange: (run: number) => void;
}

function RunPicker({ profile, chosen, onChange }: RunPickerProps): ReactElement {
  const runs = profile.runs.toReversed().map(({ run }) => ({ value: String(run), label: WORDS.run(run) }));
  return (
    <Segments<string>
      label={WORDS.label}
      value={String(chosen)}
      choices={[{ value: "0", label: WORDS.byItself }, ...runs]}
      onChange={(value) => onChange(Number(value))}
    />
  );
}

interface BodyProps {
  readonly profile: ExchangeProfile;
  readonly view: View;
  readonly chosen: number;
}

function Body({ profile, view, chosen }: BodyProps): ReactElement {
  const shown = shownOf(profile, chosen);
  const run = profile.runs.find((one) => one.run === chosen);
  const lanes = useMemo(() => lanesOf(shown), [shown]);
  const functions = useMemo(() => allFunctions(shown), [shown]);
  if (shown.phases.length === 0 && run === undefined) return <State title={WORDS.none} />;
  return (
    <>
      <Sentence shown={shown} run={run} />
      <Missing shown={shown} run={run} />
      {view === "lanes" ? <LanesView key={chosen} lanes={lanes} totalUs={shown.totalUs} /> : null}
      {view === "functions" && functions.length === 0 ? <State title={strings.flame.nothing}>{WORDS.noneSampled}</State> : null}
      {view === "functions" && functions.length > 0 ? <FlameTable functions={functions} format={micros} /> : null}
      {view === "figures" ? <FiguresView wire={profile.wire} clickhouse={shown.clickhouse} /> : null}
      {view === "differences" ? <DifferencesView profile={profile} chosen={chosen} /> : null}
    </>
  );
}

interface OfRun {
  readonly shown: Shown;
  readonly run: ProfileRun | undefined;
}

function Sentence({ shown, run }: OfRun): ReactElement {
  const took = (by: string) => micros(shown.phases.reduce((sum, phase) => sum + (phase.by === by ? phase.to - phase.from : 0), 0));
  return (
    <div className="profile-sentence">
      <p>{WORDS.sentence(micros(shown.totalUs), took("own"), took("ch"), took("es"))}</p>
      {run === undefined ? null : (
        <p className="s2 mut">
          {WORDS.runSentence} {run.verdict === null ? run.reason : WORDS.verdict(strings.verdict[run.verdict], run.reason)}
        </p>
      )}
    </div>
  );
}

/** What could not be had, and what would give it. */
function Missing({ shown, run }: OfRun): ReactElement | null {
  const parts = [
    [WORDS.noElasticsearch, run?.elasticsearch],
    [WORDS.noClickHouse, shown.clickhouse],
    [WORDS.noCpu, run?.cpu],
  ] as const;
  const lines = [
    ...parts.flatMap(([name, part]) => (part?.state === "missing" ? [`${name}: ${part.reason}`] : [])),
    ...(shown.clickhouse.state === "there" ? shown.clickhouse.value.missing : []),
    ...(run?.elasticsearch.state === "there" ? run.elasticsearch.value.searches : []).flatMap(({ problem }) =>
      problem === "" ? [] : [problem],
    ),
  ];
  if (lines.length === 0) return null;
  return (
    <div className="note profile-note">
      {lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
    </div>
  );
}
