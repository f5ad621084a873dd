// The bar: session, mode, where clients go, both backends' state, stop and start.
import type { ReactElement } from "react";
import type { Backend, BackendState, ClickHouseBackend, Mode, Status } from "../../shared/contract.ts";
import { useAction } from "../api/hooks.ts";
import { strings } from "../strings.ts";
import { Segments } from "../ui/controls.tsx";
import { bytes, count } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { Side, type SideName } from "../ui/side.tsx";
import { CommandKey } from "./command_key.tsx";
import { useCommands } from "./keys.ts";
import { SessionMenu } from "./session_menu.tsx";

interface TopBarProps {
  readonly status: Status | undefined;
  /** Whether the engine answers; what it said before may not hold any more. */
  readonly connected: boolean;
  readonly exchanges: number | null;
  /** Opens the palette. */
  readonly onFind: () => void;
}

export function TopBar({ status, connected, exchanges, onFind }: TopBarProps): ReactElement {
  const set = useAction("proxy.set");
  useCommands({
    modeTap: () => set.mutate({ mode: "tap" }),
    modeCompare: () => set.mutate({ mode: "compare" }),
    modeClickhouse: () => set.mutate({ mode: "clickhouse" }),
    startProxy: status?.running === false ? () => set.mutate({ running: true }) : undefined,
    stopProxy: status?.running === true ? () => set.mutate({ running: false }) : undefined,
  });
  if (status === undefined) return <header className="topbar" aria-busy="true" />;
  const figures = strings.bar.figures(exchanges ?? status.capture.exchanges, bytes(status.capture.bytes));
  return (
    <header className="topbar">
      <SessionMenu status={status} figures={status.session.readOnly ? strings.bar.readOnly(figures) : figures} />
      <div className="upright" />
      <Segments<Mode>
        label={strings.bar.mode}
        value={status.mode}
        choices={[
          { value: "tap", label: strings.bar.modes.tap, title: strings.bar.modeHints.tap },
          { value: "compare", label: strings.bar.modes.compare, title: strings.bar.modeHints.compare },
          { value: "clickhouse", label: strings.bar.modes.clickhouse, title: strings.bar.modeHints.clickhouse },
        ]}
        onChange={(mode) => set.mutate({ mode })}
      />
      <ReplayProgress status={status} />
      <div className="grow" />
      <div className="line-up s1 mut nowrap medium" title={strings.bar.proxyHint(status.proxy.url)}>
        <span className="wide">{strings.bar.clients}</span>
        <Icon name="right" size={14} />
        <span className="mono m" style={{ color: "var(--fg)" }}>
          :{status.proxy.port}
        </span>
      </div>
      <div className="sides" role="status">
        <SideHealth side="es" backend={status.elasticsearch} place={hostOf(status.elasticsearch)} known={connected} />
        <SideHealth side="ch" backend={status.clickhouse} place={clickhousePlace(status.clickhouse)} known={connected} />
      </div>
      <div className="upright medium" />
      {set.error === null ? null : (
        <span className="s1 different cut bar-refusal" role="alert" title={set.error.message}>
          {set.error.message}
        </span>
      )}
      <button type="button" className="btn" disabled={set.isPending} onClick={() => set.mutate({ running: !status.running })}>
        <Icon name={status.running ? "stop" : "play"} />
        {status.running ? strings.bar.stop : strings.bar.start}
      </button>
      <button type="button" className="btn ghost find" title={strings.palette.title} onClick={onFind}>
        <Icon name="search" />
        <span className="unseen">{strings.palette.title}</span>
        <span className="line-up keys-of">
          <CommandKey of="palette" />
        </span>
      </button>
    </header>
  );
}

function hostOf(backend: Backend): string {
  try {
    return new URL(backend.url).host;
  } catch {
    return backend.url;
  }
}

function clickhousePlace(backend: ClickHouseBackend): string {
  if (!backend.embedded) return hostOf(backend);
  return backend.port === null ? strings.bar.embedded : `${strings.bar.embedded} :${backend.port}`;
}

const HEALTH: Readonly<Record<BackendState, string>> = {
  ok: "health",
  recorded: "health",
  starting: "health wait",
  away: "health away",
  absent: "health wait",
};

interface SideHealthProps {
  readonly side: SideName;
  readonly backend: Backend;
  readonly place: string;
  readonly known: boolean;
}

function SideHealth({ side, backend, place, known }: SideHealthProps): ReactElement {
  const word = known ? strings.backendState[backend.status] : strings.bar.unknown;
  return (
    <>
      <Side side={side} />
      <span className={known ? HEALTH[backend.status] : HEALTH.starting} title={`${strings.side[side]}: ${word}`} />
      <span className="medium line-up place">
        {backend.version ?? NO_VERSION}{" "}
        <span className="mut wide cut" title={backend.url}>
          {place}
        </span>
      </span>
      <span
        className={known && backend.status === "away" ? "different" : "mut"}
        title={backend.message === "" ? undefined : backend.message}
      >
        {word}
      </span>
    </>
  );
}

const NO_VERSION = "";

function ReplayProgress({ status }: { readonly status: Status }): ReactElement | null {
  const { replay } = status.session;
  if (replay === null || replay.played >= replay.total) return null;
  const label = strings.bar.replay(count(replay.played), count(replay.total));
  return (
    <span
      className="replay s1 mut nowrap medium"
      role="progressbar"
      aria-label={label}
      aria-valuenow={replay.played}
      aria-valuemax={replay.total}
    >
      <span className="progress">
        <i style={{ width: `${(replay.played / Math.max(1, replay.total)) * 100}%` }} />
      </span>
      {label}
    </span>
  );
}
