// The frame around every page, and which page it is.
import { useQueryClient } from "@tanstack/react-query";
import { type ReactElement, useEffect, useState } from "react";
import { useCall, useConnected, useEvent } from "./api/hooks.ts";
import { ComparePage } from "./compare/compare_page.tsx";
import { ExchangePage } from "./exchange/exchange_page.tsx";
import { StartPage } from "./first_run/start_page.tsx";
import { Banners, EndingBanner } from "./frame/banner.tsx";
import { DropZone } from "./frame/drop_zone.tsx";
import { KeyHelp } from "./frame/key_help.tsx";
import { useKeys } from "./frame/keys.ts";
import { Rail } from "./frame/rail.tsx";
import { SafeModeBanner } from "./frame/safe_mode.tsx";
import { TopBar } from "./frame/top_bar.tsx";
import { IndicesPage } from "./indices/indices_page.tsx";
import { InterceptPage } from "./intercept/intercept_page.tsx";
import { PipesPage } from "./pipes/pipes_page.tsx";
import { ProfilesPage } from "./profiles/profiles_page.tsx";
import { type PageName, useRoute } from "./route.ts";
import { RulesPage } from "./rules/rules_page.tsx";
import { SettingsPage } from "./settings/settings_page.tsx";
import { SqlPage } from "./sql/sql_page.tsx";
import { StatisticsPage } from "./statistics/statistics_page.tsx";
import { StatusPage } from "./status/status_page.tsx";
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
  intercept: InterceptPage,
  pipes: PipesPage,
  profiles: ProfilesPage,
  status: StatusPage,
  settings: SettingsPage,
};

export function App(): ReactElement {
  const { page } = useRoute();
  const status = useLiveStatus();
  const connected = useReconnect();
  const [exchanges, setExchanges] = useState<number | null>(null);
  useEvent("exchanges", (event) => setExchanges(event.total));
  const [help, setHelp] = useState(false);
  useKeys([["?", () => setHelp(true)]]);
  if (page === "start") return <StartPage />;
  const Page = PAGES[page];
  return (
    <div className="app">
      <Rail />
      <TopBar status={status} exchanges={exchanges} />
      <main className="page">
        <DropZone />
        {status?.ending === true ? <EndingBanner /> : <Banners problems={status?.problems ?? []} connected={connected} />}
        <SafeModeBanner safeMode={status?.safe_mode} />
        <ErrorBoundary at={page}>
          <Page />
        </ErrorBoundary>
      </main>
      <KeyHelp opened={help} onClose={() => setHelp(false)} />
    </div>
  );
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
