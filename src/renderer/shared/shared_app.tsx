// A shared file: its exchanges and how they compare, or its profile, under one line that says what it is.
import { type ReactElement, useMemo, useState } from "react";
import type { ProfileInfo } from "../../shared/profiles.ts";
import { isRecord } from "../../shared/record.ts";
import { ComparePage } from "../compare/compare_page.tsx";
import { ExchangePage } from "../exchange/exchange_page.tsx";
import type { CommandId } from "../frame/commands.ts";
import { KeyHelp } from "../frame/key_help.tsx";
import { useCommands } from "../frame/keys.ts";
import { FlameGraph } from "../profiles/flame/flame_graph.tsx";
import { readProfile } from "../profiles/read_profile.ts";
import { go, printRoute, useRoute } from "../route.ts";
import { strings } from "../strings.ts";
import { ErrorBoundary } from "../ui/error_boundary.tsx";
import { dateTime } from "../ui/format.ts";
import { Logo } from "../ui/icon.tsx";
import type { Held } from "./held.ts";
import { LIST_KEYS, SharedTraffic } from "./shared_traffic.tsx";
import "../profiles/profiles.css";
import "./shared.css";

const WORDS = strings.shared;

const GO = { goTraffic: () => go({ page: "traffic" }), goCompare: () => go({ page: "compare" }) } as const;

/** What a key does here; all else needs an engine. */
const KEYS: readonly CommandId[] = [
  ...LIST_KEYS,
  ...["diff", "tabOverview", "tabRequest", "tabResponses", "tabTranslation", "tabProfile", "tabRaw"],
  ...["searchBody", "goTraffic", "goCompare", "help"],
] as const satisfies readonly CommandId[];

export function SharedApp({ held }: { readonly held: Held }): ReactElement {
  const { page } = useRoute();
  const profile = profileOf(held);
  const [help, setHelp] = useState(false);
  useCommands(profile === null ? { ...GO, help: () => setHelp(true) } : {});
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
        <span className="s2 mut cut">{WORDS.about(dateTime(Date.parse(held.about.created)), held.about.version)}</span>
      </header>
      <main className="page">
        <ErrorBoundary at={page}>
          {profile !== null ? (
            <SharedProfile {...profile} />
          ) : page === "exchange" ? (
            <ExchangePage />
          ) : page === "compare" ? (
            <ComparePage />
          ) : (
            <SharedTraffic held={held} />
          )}
        </ErrorBoundary>
      </main>
      <KeyHelp opened={help} only={KEYS} onClose={() => setHelp(false)} />
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
