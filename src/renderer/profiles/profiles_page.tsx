// Profiles: recorded by hand, of calls and of runs, at the left; the chosen one's flame graph at the right.
import { type ReactElement, useState } from "react";
import type { ProfileInfo, ProfileOrigin, ProfilerState } from "../../shared/profiles.ts";
import { useAction, useCall, useInvalidation } from "../api/hooks.ts";
import { go, useRoute } from "../route.ts";
import { strings } from "../strings.ts";
import { Segments } from "../ui/controls.tsx";
import { bytes, clock, dateTime } from "../ui/format.ts";
import { Splitter, useSplitWidth } from "../ui/splitter.tsx";
import { AwaitedPage, State } from "../ui/state.tsx";
import { ProfileView } from "./profile_view.tsx";
import { RecordBar } from "./record_bar.tsx";
import "./profiles.css";

const WORDS = strings.profiles;
type Shown = ProfileOrigin | "all";
const ORIGINS: readonly Shown[] = ["all", "cpu", "heap", "run", "call"];

export function ProfilesPage(): ReactElement {
  const { name } = useRoute();
  const list = useCall("profiles.list", {});
  const profiler = useCall("profiler.get", {});
  useInvalidation(["profiles.list", "profiler.get"], "profiles", 200);
  const [origin, setOrigin] = useState<Shown>("all");
  const split = useSplitWidth("profiles", 920);
  if (list.data === undefined) return <AwaitedPage page="profiles" title={WORDS.unavailable} query={list} />;
  const shown = list.data.filter((profile) => origin === "all" || profile.origin === origin);
  const chosen = list.data.find(({ id }) => id === name);
  return (
    <div className={`profiles${name === "" ? "" : " with-detail"}`}>
      <section className="profiles-list" aria-label={WORDS.list}>
        <RecordBar recording={profiler.data?.recording ?? null} />
        <div className="profiles-origins">
          <Segments
            small
            label={WORDS.list}
            choices={ORIGINS.map((value) => ({ value, label: WORDS.origins[value] }))}
            value={origin}
            onChange={setOrigin}
          />
        </div>
        <div className="fill scroll">
          {shown.length === 0 ? <State title={WORDS.none}>{WORDS.noneHint}</State> : null}
          <ul className="profiles-rows">
            {shown.map((profile) => (
              <ProfileRow key={profile.id} profile={profile} chosen={profile.id === name} />
            ))}
          </ul>
        </div>
        {profiler.data === undefined ? null : <Kept state={profiler.data} />}
      </section>
      <Splitter label={WORDS.list} split={split} />
      <section className="profiles-detail" style={{ width: split.width }} aria-live="polite">
        {name === "" ? <State title={WORDS.choose} /> : <ProfileView key={name} id={name} info={chosen} all={list.data} />}
      </section>
    </div>
  );
}

function ProfileRow({ profile, chosen }: { readonly profile: ProfileInfo; readonly chosen: boolean }): ReactElement {
  const created = Date.parse(profile.created);
  return (
    <li>
      <button type="button" aria-current={chosen} onClick={() => go({ page: "profiles", name: profile.id }, true)}>
        <b className="cut">{profile.title}</b>
        <span className="num">{bytes(profile.bytes)}</span>
        <span className="s2 mut">{WORDS.origin[profile.origin]}</span>
        <span className="s2 mut num" title={dateTime(created)}>
          {clock(created).time}
        </span>
      </button>
    </li>
  );
}

/** How much is kept, and a way to be rid of what grows by itself. */
function Kept({ state }: { readonly state: ProfilerState }): ReactElement {
  const clean = useAction("profiles.clean");
  const { calls, total } = state;
  return (
    <div className="profiles-kept s2">
      <span className="mut">{WORDS.total(total.files, bytes(total.bytes))}</span>
      {calls.files === 0 ? null : (
        <span className="mut" title={calls.folder}>
          {WORDS.calls(calls.files, bytes(calls.bytes))}
          {calls.on ? ` ${WORDS.callsOn}` : ""}{" "}
          <button type="button" className="btn small" onClick={() => clean.mutate({})}>
            {WORDS.clean}
          </button>
        </span>
      )}
      {calls.problem === "" ? null : <span className="different">{calls.problem}</span>}
      {clean.error === null ? null : <span className="different">{clean.error.message}</span>}
    </div>
  );
}
