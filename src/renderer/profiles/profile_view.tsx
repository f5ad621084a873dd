// One profile: its flame graph by thread, its ways out, and another one beside it.
import { useQuery } from "@tanstack/react-query";
import { type ReactElement, useMemo, useState } from "react";
import type { ProfileInfo } from "../../shared/profiles.ts";
import { messageOf } from "../../shared/thrown.ts";
import { useAction, useTransport } from "../api/hooks.ts";
import { go, printRoute } from "../route.ts";
import { ShareButton } from "../share/share_button.tsx";
import { strings } from "../strings.ts";
import { IconButton, Segments } from "../ui/controls.tsx";
import { bytes, clock, dateTime } from "../ui/format.ts";
import { LoadingBars, State } from "../ui/state.tsx";
import { DifferenceTable } from "./difference_table.tsx";
import { ExportMenu } from "./export_menu.tsx";
import { FlameGraph } from "./flame/flame_graph.tsx";
import { readProfile, type ShownProfile } from "./read_profile.ts";
import { wholeProfile } from "./whole_profile.ts";

const WORDS = strings.profiles;

interface ProfileViewProps {
  readonly id: string;
  /** undefined for one that is not listed. */
  readonly info: ProfileInfo | undefined;
  readonly all: readonly ProfileInfo[];
}

export function ProfileView({ id, info, all }: ProfileViewProps): ReactElement {
  const profile = useProfile(id, info?.title ?? id);
  const [other, setOther] = useState("");
  const [thread, setThread] = useState("");
  if (profile.error !== null) return <State title={WORDS.gone}>{profile.error}</State>;
  if (profile.data === undefined || info === undefined) return <LoadingBars />;
  const { root, threads, format } = profile.data;
  const shown = threads.find(({ name }) => name === thread) ?? root;
  const others = all.filter((one) => one.id !== id && (one.origin === "heap") === (info.origin === "heap"));
  return (
    <>
      <Head info={info} />
      <div className="profiles-tools">
        {threads.length < 2 ? null : (
          <Segments
            small
            label={WORDS.threads}
            choices={[
              { value: "", label: WORDS.allThreads },
              ...threads.map(({ name, value }) => ({ value: name, label: name, title: format(value) })),
            ]}
            value={thread}
            onChange={setThread}
          />
        )}
        <span className="grow" />
        <select className="field" aria-label={WORDS.compare} value={other} onChange={({ target }) => setOther(target.value)}>
          <option value="">{others.length === 0 ? WORDS.compareNone : WORDS.compare}</option>
          {others.map((one) => (
            <option key={one.id} value={one.id}>
              {`${one.title}, ${clock(Date.parse(one.created)).time}`}
            </option>
          ))}
        </select>
      </div>
      <div className="fill scroll profiles-body">
        {other === "" ? (
          <FlameGraph key={shown.name} label={info.title} root={shown} format={format} />
        ) : (
          <Compared before={other} title={all.find((one) => one.id === other)?.title ?? other} after={profile.data} thread={thread} />
        )}
      </div>
    </>
  );
}

function Head({ info }: { readonly info: ProfileInfo }): ReactElement {
  const remove = useAction("profile.remove");
  return (
    <div className="page-head">
      <div className="grow cut">
        <h1 className="cut">{info.title}</h1>
        <span className="s2 mut">
          {`${WORDS.origin[info.origin]}, ${dateTime(Date.parse(info.created))}, ${bytes(info.bytes)}`}
          {info.exchange === null ? null : (
            <>
              {" · "}
              <a href={printRoute({ page: "exchange", id: info.exchange })}>{WORDS.exchange(info.exchange)}</a>
            </>
          )}
          {info.pipe === null ? null : ` · ${info.pipe}`}
        </span>
      </div>
      <ShareButton of={{ profile: info.id }} />
      <ExportMenu info={info} />
      <IconButton
        icon="clear"
        label={WORDS.remove}
        onClick={() => remove.mutate({ profile: info.id }, { onSuccess: () => go({ page: "profiles" }, true) })}
      />
      <IconButton icon="close" label={strings.close} onClick={() => go({ page: "profiles" }, true)} />
      {remove.error === null ? null : <span className="different s2">{remove.error.message}</span>}
    </div>
  );
}

interface ComparedProps {
  readonly before: string;
  readonly title: string;
  readonly after: ShownProfile;
  readonly thread: string;
}

function Compared({ before, title, after, thread }: ComparedProps): ReactElement {
  const other = useProfile(before, title);
  if (other.error !== null) return <State title={WORDS.gone}>{other.error}</State>;
  if (other.data === undefined) return <LoadingBars />;
  const [one, two] = [other.data, after].map(({ root, threads }) => threads.find(({ name }) => name === thread) ?? root);
  if (one === undefined || two === undefined) return <LoadingBars />;
  return <DifferenceTable title={title} before={one} after={two} format={after.format} />;
}

interface Read {
  readonly data: ShownProfile | undefined;
  /** Why it can't be shown. */
  readonly error: string | null;
}

function useProfile(id: string, title: string): Read {
  const transport = useTransport();
  const text = useQuery({
    queryKey: ["profile", id],
    queryFn: () => wholeProfile(transport, id),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  return useMemo(() => {
    if (text.data === undefined) return { data: undefined, error: text.error === null ? null : text.error.message };
    try {
      return { data: readProfile(text.data, title), error: null };
    } catch (error) {
      return { data: undefined, error: messageOf(error) };
    }
  }, [text.data, text.error, title]);
}
