// What the tray says: one state, one line, one menu, made of what the engine says of itself.
import type { Mode, Status, VerdictCounts } from "../../shared/contract.ts";
import type { RecentSession } from "../../shared/session_list.ts";
import type { MenuItem } from "./electron.ts";
import type { NewVersion } from "./new_version.ts";

export type TrayState = "stopped" | "running" | "mismatch" | "lost";

/** The most urgent of what is so. */
export function trayState(status: Status, counts: VerdictCounts): TrayState {
  if (!status.running) return "stopped";
  if (status.elasticsearch.status === "away" || status.clickhouse.status === "away" || status.health?.state === "failed") return "lost";
  return counts.different > 0 ? "mismatch" : "running";
}

export interface TrayActions {
  open(place?: string): void;
  openFile(file: string): void;
  chooseFile(): void;
  closeFile(): void;
  setRunning(running: boolean): void;
  setMode(mode: Mode): void;
  setIntercepting(on: boolean): void;
  showVersion(url: string): void;
  quit(): void;
}

export interface TrayView {
  readonly status: Status;
  readonly counts: VerdictCounts;
  readonly recent: readonly RecentSession[];
  readonly newVersion: NewVersion | null;
}

const STATES: Readonly<Record<TrayState, (status: Status) => string>> = {
  stopped: () => "stopped",
  running: ({ proxy }) => `listening on ${proxy.port}`,
  mismatch: ({ proxy }) => `listening on ${proxy.port}`,
  lost: ({ elasticsearch, clickhouse }) =>
    elasticsearch.status === "away" ? "Elasticsearch is away" : clickhouse.status === "away" ? "ClickHouse is away" : "needs attention",
};

/** One line, for the pointer and for screen readers. */
export function trayLine({ status, counts }: Pick<TrayView, "status" | "counts">): string {
  return `Parallax: ${STATES[trayState(status, counts)](status)}, ${counts.different} different`;
}

export const MODE_NAMES: Readonly<Record<Mode, string>> = { tap: "Tap", compare: "Compare", clickhouse: "ClickHouse answers" };
const MODES: readonly Mode[] = ["tap", "compare", "clickhouse"];
const SHOWN_SESSIONS = 8;
const DIFFERENT = "#/traffic?filter=~verdict%20different";

/** Everything here is also in the window and a verb of the command line. */
export function trayMenu(view: TrayView, actions: TrayActions): MenuItem[] {
  const { status, counts, newVersion } = view;
  const { elasticsearch, clickhouse, intercept } = status;
  return [
    { label: trayLine(view), enabled: false },
    { label: `Elasticsearch ${elasticsearch.version ?? ""}: ${elasticsearch.status}`.replace(" :", ":"), enabled: false },
    { label: `ClickHouse ${clickhouse.version ?? ""}: ${clickhouse.status}`.replace(" :", ":"), enabled: false },
    { label: `${counts.different} different`, enabled: counts.different > 0, click: () => actions.open(DIFFERENT) },
    { type: "separator" },
    { label: "Open Parallax", click: () => actions.open() },
    { label: status.running ? "Stop" : "Start", click: () => actions.setRunning(!status.running) },
    {
      label: "Mode",
      submenu: MODES.map((mode) => ({
        label: MODE_NAMES[mode],
        type: "radio",
        checked: status.mode === mode,
        click: () => actions.setMode(mode),
      })),
    },
    { label: "Intercept proxy", type: "checkbox", checked: intercept.on, click: () => actions.setIntercepting(!intercept.on) },
    { label: "Sessions", submenu: sessions(view, actions) },
    { type: "separator" },
    ...versionItem(newVersion, actions),
    { label: "Quit", click: () => actions.quit() },
  ];
}

function sessions({ status, recent }: TrayView, actions: TrayActions): MenuItem[] {
  const { file, readOnly } = status.session;
  const items: MenuItem[] = recent.slice(0, SHOWN_SESSIONS).map((session) => ({
    label: session.file,
    type: "checkbox",
    checked: readOnly && session.file === file,
    click: () => actions.openFile(session.file),
  }));
  return [
    { label: "Live session", type: "checkbox", checked: !readOnly, click: () => actions.closeFile() },
    ...items,
    { type: "separator" },
    { label: "Open a session file or HAR…", click: () => actions.chooseFile() },
  ];
}

function versionItem(version: NewVersion | null, actions: TrayActions): MenuItem[] {
  return version === null ? [] : [{ label: `Version ${version.version} is there`, click: () => actions.showVersion(version.url) }];
}
