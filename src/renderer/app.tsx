// The frame around every page, and which page it is.
import { useQueryClient } from "@tanstack/react-query";
import { lazy, type ReactElement, Suspense, useEffect, useRef, useState } from "react";
import type { Status } from "../shared/contract.ts";
import { useCall, useConnected, useEvent } from "./api/hooks.ts";
import { ComparePage } from "./compare/compare_page.tsx";
import { ExchangePage } from "./exchange/exchange_page.tsx";
import { StartPage } from "./first_run/start_page.tsx";
import { MismatchAnnouncer } from "./frame/announcer.tsx";
import { Banners, EndingBanner } from "./frame/banner.tsx";
import { DropZone } from "./frame/drop_zone.tsx";
import { KeyHelp } from "./frame/key_help.tsx";
import { useCommands } from "./frame/keys.ts";
import { Rail } from "./frame/rail.tsx";
import { SafeModeBanner } from "./frame/safe_mode.tsx";
import { TopBar } from "./frame/top_bar.tsx";
import { IndicesPage } from "./indices/indices_page.tsx";
import { InterceptPage } from "./intercept/intercept_page.tsx";
import { KibanaPage } from "./kibana/kibana_page.tsx";
import { PipesPage } from "./pipes/pipes_page.tsx";
import { ProfilesPage } from "./profiles/profiles_page.tsx";
import { go, type PageName, useRoute } from "./route.ts";
import { RulesPage } from "./rules/rules_page.tsx";
import { SettingsPage } from "./settings/settings_page.tsx";
import { SqlPage } from "./sql/sql_page.tsx";
import { StatisticsPage } from "./statistics/statistics_page.tsx";
import { StatusPage } from "./status/status_page.tsx";
import { strings } from "./strings.ts";
import { TrafficPage } from "./traffic/traffic_page.tsx";
import { ErrorBoundary } from "./ui/error_boundary.tsx";

const PAGES: Readonly<Record<Exclude<PageName, "start">, () => ReactElement>> = {
  traffic: TrafficPage,
  exchange: ExchangePage,
  compare: ComparePage,
  indices: IndicesPage,
  sql: SqlPage,
  statistics: StatisticsPage,
  rules: RulesPage,
  kibana: KibanaPage,
  intercept: InterceptPage,
  pipes: PipesPage,
  profiles: ProfilesPage,
  status: StatusPage,
  settings: SettingsPage,
};

// With the first that is asked for.
const Palette = lazy(() => import("./palette/palette.tsx").then((module) => ({ default: module.Palette })));

export function App(): ReactElement {
  const { page } = useRoute();
  const status = useLiveStatus();
  const connected = useReconnect();
  const [help, setHelp] = useState(false);
  const [finding, setFinding] = useState(false);
  useCommands({ ...GO, help: () => setHelp(true), palette: () => setFinding(true) });
  return (
    <>
      {page === "start" ? <StartPage /> : <Framed page={page} status={status} connected={connected} onFind={() => setFinding(true)} />}
      <KeyHelp opened={help} onClose={() => setHelp(false)} />
      {finding ? (
        <Suspense fallback={null}>
          <Palette onClose={() => setFinding(false)} />
        </Suspense>
      ) : null}
    </>
  );
}

interface FramedProps {
  readonly page: keyof typeof PAGES;
  readonly status: Status | undefined;
  readonly connected: boolean;
  readonly onFind: () => void;
}

/** A page in its frame. */
function Framed({ page, status, connected, onFind }: FramedProps): ReactElement {
  const [exchanges, setExchanges] = useState<number | null>(null);
  useEvent("exchanges", (event) => setExchanges(event.total));
  const main = useFocusOnPage(page);
  const Page = PAGES[page];
  return (
    <div className="app">
      <Rail />
      <TopBar status={status} connected={connected} exchanges={exchanges} onFind={onFind} />
      <main ref={main} className="page" tabIndex={-1}>
        <MismatchAnnouncer />
        <DropZone />
        {status?.ending === true ? <EndingBanner /> : <Banners problems={status?.problems ?? []} connected={connected} />}
        <SafeModeBanner safeMode={status?.safe_mode} />
        <ErrorBoundary at={page}>
          <Page />
        </ErrorBoundary>
      </main>
    </div>
  );
}

const GO = {
  goTraffic: () => go({ page: "traffic" }),
  goCompare: () => go({ page: "compare" }),
  goIndices: () => go({ page: "indices" }),
  goPipes: () => go({ page: "pipes" }),
  goSql: () => go({ page: "sql" }),
  goStatistics: () => go({ page: "statistics" }),
  goRules: () => go({ page: "rules" }),
  goKibana: () => go({ page: "kibana" }),
  goIntercept: () => go({ page: "intercept" }),
  goProfiles: () => go({ page: "profiles" }),
  goStatus: () => go({ page: "status" }),
  goSettings: () => go({ page: "settings" }),
  goStart: () => go({ page: "start" }),
} as const;

/** Names the window after its page, and moves the focus there where the last page took it along. */
function useFocusOnPage(page: PageName) {
  const main = useRef<HTMLElement>(null);
  const before = useRef(page);
  useEffect(() => {
    document.title = strings.pages.windowTitle(strings.pages[page]);
    if (page === before.current) return;
    before.current = page;
    const { activeElement } = document;
    if (activeElement === null || activeElement === document.body)
      (main.current?.querySelector<HTMLElement>("[role=grid]") ?? main.current)?.focus();
  }, [page]);
  return main;
}

/** The status, replaced by each that the engine pushes. */
function useLiveStatus() {
  const client = useQueryClient();
  useEvent("status", (status) => client.setQueryData(["status.get", {}], status));
  return useCall("status.get", {}, { staleMs: 30_000 }).data;
}

/** Everything shown is asked again when the engine comes back. */
function useReconnect(): boolean {
  const client = useQueryClient();
  const connected = useConnected();
  useEffect(() => {
    if (connected) void client.invalidateQueries();
  }, [connected, client]);
  return connected;
}
