// A shared file: its exchanges and how they compare, or its profile, under one line that says what it is.
import { type ReactElement, useMemo, useState } from "react";
import type { ProfileInfo } from "../../shared/profiles.ts";
import { isRecord } from "../../shared/record.ts";
import { useCall } from "../api/hooks.ts";
import { ExchangePage } from "../exchange/exchange_page.tsx";
import { ExchangeView } from "../exchange/exchange_view.tsx";
import { FlameGraph } from "../profiles/flame/flame_graph.tsx";
import { readProfile } from "../profiles/read_profile.ts";
import { go, printRoute, useRoute } from "../route.ts";
import { strings } from "../strings.ts";
import { ExchangeList } from "../traffic/exchange_list.tsx";
import { Strip } from "../traffic/strip.tsx";
import { ErrorBoundary } from "../ui/error_boundary.tsx";
import { count } from "../ui/format.ts";
import { Icon, Logo } from "../ui/icon.tsx";
import { Splitter, useSplitWidth } from "../ui/splitter.tsx";
import { State } from "../ui/state.tsx";
import type { Held } from "./held.ts";
import { SharedCompare } from "./shared_compare.tsx";
import "../traffic/traffic.css";
import "../profiles/profiles.css";
import "./shared.css";

const WORDS = strings.shared;

export function SharedApp({ held }: { readonly held: Held }): ReactElement {
  const { page } = useRoute();
  const profile = profileOf(held);
  return (
    <div className="shared-app">
      <header className="topbar">
        <Logo />
        <b className="cut">{held.about.title}</b>
        {profile !== null ? null : (
          <nav className="line-up" aria-label={strings.pages.label}>
            <a className="btn ghost small" href={printRoute({ page: "traffic" })} aria-current={page === "compare" ? undefined : "page"}>
              {strings.pages.traffic}
            </a>
            <a className="btn ghost small" href={printRoute({ page: "compare" })} aria-current={page === "compare" ? "page" : undefined}>
              {strings.pages.compare}
            </a>
          </nav>
        )}
        <span className="grow" />
        <span className="s2 mut cut">{WORDS.about(new Date(held.about.created).toLocaleString(), held.about.version)}</span>
      </header>
      <main className="page">
        <ErrorBoundary at={page}>
          {profile !== null ? (
            <SharedProfile {...profile} />
          ) : page === "exchange" ? (
            <ExchangePage />
          ) : page === "compare" ? (
            <SharedCompare />
          ) : (
            <SharedTraffic held={held} />
          )}
        </ErrorBoundary>
      </main>
    </div>
  );
}

function SharedTraffic({ held }: { readonly held: Held }): ReactElement {
  const { id, tab, filter } = useRoute();
  const split = useSplitWidth("traffic", 560);
  const timeline = useCall("exchanges.timeline", { filter: "" }).data;
  const rows = useMemo(() => {
    const words = filter
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "");
    const all = held.exchanges.map(({ detail }) => detail);
    if (words.length === 0) return all;
    return all.filter(({ method, path, index, client, verdict, note, shape }) => {
      const text = `${method} ${path} ${index} ${client} ${verdict ?? ""} ${note} ${shape}`.toLowerCase();
      return words.every((word) => text.includes(word.replace(/^~\w+$/, "")));
    });
  }, [held, filter]);
  const select = (chosen: number | null) => go({ page: "traffic", filter, tab, id: chosen }, true);
  return (
    <div className={`traffic${id === null ? "" : " with-detail"}`}>
      <section className="list" aria-label={strings.traffic.list}>
        <div className="tools">
          <label className="filter shared-find">
            <Icon name="search" />
            <input
              type="search"
              aria-label={WORDS.find}
              placeholder={WORDS.find}
              value={filter}
              onChange={({ target }) => go({ page: "traffic", tab, id, filter: target.value }, true)}
            />
          </label>
        </div>
        <Strip timeline={timeline} />
        <div className="list-body column fill">
          {rows.length === 0 ? (
            <State
              title={strings.traffic.noMatch}
              action={{ label: strings.traffic.clearFilter, run: () => go({ page: "traffic", id, tab }, true) }}
            />
          ) : (
            <ExchangeList
              rows={rows}
              total={rows.length}
              selected={id}
              onSelect={select}
              onOpen={(opened) => go({ page: "exchange", id: opened, tab })}
              onEnd={() => undefined}
            />
          )}
        </div>
        <div className="foot">
          <span>{WORDS.exchanges(count(rows.length), count(held.exchanges.length))}</span>
        </div>
      </section>
      {id === null ? null : (
        <>
          <Splitter label={strings.traffic.splitter} split={split} />
          <section className="detail" style={{ width: split.width, flex: "none" }} aria-label={strings.exchange.title(id)}>
            <ExchangeView
              id={id}
              tab={tab}
              onTab={(next) => go({ page: "traffic", filter, id, tab: next }, true)}
              onClose={() => select(null)}
            />
          </section>
        </>
      )}
    </div>
  );
}

interface HeldProfile {
  readonly info: Pick<ProfileInfo, "title">;
  readonly text: string;
}

function profileOf({ about }: Held): HeldProfile | null {
  const { profile } = about.answers;
  if (!isRecord(profile) || typeof profile.text !== "string") return null;
  return { info: { title: about.title }, text: profile.text };
}

function SharedProfile({ info, text }: HeldProfile): ReactElement {
  const profile = useMemo(() => readProfile(text, info.title), [text, info.title]);
  const [thread, setThread] = useState("");
  const shown = profile.threads.find(({ name }) => name === thread) ?? profile.root;
  return (
    <div className="column fill scroll profiles-body">
      {profile.threads.length < 2 ? null : (
        <select
          className="field shared-thread"
          aria-label={strings.profiles.threads}
          value={thread}
          onChange={({ target }) => setThread(target.value)}
        >
          <option value="">{strings.profiles.allThreads}</option>
          {profile.threads.map(({ name }) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      )}
      <FlameGraph key={shown.name} label={info.title} root={shown} format={profile.format} />
    </div>
  );
}
