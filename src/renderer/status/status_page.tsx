// Status: what runs, where, in which version; what is wrong.
import type { ReactElement } from "react";
import type { Backend, Status } from "../../shared/contract.ts";
import { useCall, useConnected, useInvalidation } from "../api/hooks.ts";
import { strings } from "../strings.ts";
import { Block, Fact } from "../ui/block.tsx";
import { bytes, clock, count, dateTime } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { Side, type SideName } from "../ui/side.tsx";
import { AwaitedPage } from "../ui/state.tsx";
import { LogView } from "./log_view.tsx";
import { MemoryView } from "./memory_view.tsx";
import "./status.css";

export function StatusPage(): ReactElement {
  const status = useCall("status.get", {});
  useInvalidation(["status.get"], "exchanges", 2000);
  if (status.data === undefined) return <AwaitedPage page="status" title={strings.engine.unreachable} query={status} />;
  return (
    <>
      <div className="page-head">
        <h1>{strings.pages.status}</h1>
        <span className="s2 mut">{strings.status.up(status.data.uptime)}</span>
      </div>
      <div className="fill scroll status-page">
        <div className="two-columns">
          <div>
            <Problems problems={status.data.problems} />
            <Block title={strings.status.backends}>
              <BackendLines side="es" backend={status.data.elasticsearch} />
              <BackendLines side="ch" backend={status.data.clickhouse} />
              {status.data.clickhouse.dataFolder === null ? null : (
                <Fact label={strings.status.clickhouseData} value={status.data.clickhouse.dataFolder} />
              )}
            </Block>
            <Engine status={status.data} />
            <Places status={status.data} />
          </div>
          <div>
            <MemoryView status={status.data} />
          </div>
        </div>
        <LogView />
      </div>
    </>
  );
}

function Problems({ problems }: { readonly problems: readonly string[] }): ReactElement {
  const connected = useConnected();
  if (!connected) {
    return (
      <Block title={strings.status.problems}>
        <p className="note different">{strings.engine.lost}</p>
      </Block>
    );
  }
  return (
    <Block title={strings.status.problems}>
      {problems.length === 0 ? (
        <p className="all-well">
          <Icon name="check" />
          {strings.status.allWell}
        </p>
      ) : (
        problems.map((problem) => (
          <p key={problem} className="note different">
            {problem}
          </p>
        ))
      )}
    </Block>
  );
}

function BackendLines({ side, backend }: { readonly side: SideName; readonly backend: Backend }): ReactElement {
  return (
    <div className="fact">
      <span className="line-up">
        <Side side={side} />
        {strings.side[side]}
      </span>
      <span>
        <span className={backend.status === "away" ? "different" : ""}>{strings.backendState[backend.status]}</span>
        {backend.version === null ? "" : `, ${backend.version}`} <span className="mono dim">{backend.url}</span>
        {backend.message === "" ? null : <span className="mut"> {backend.message}</span>}
      </span>
    </div>
  );
}

function HealthLine({ status: { health, interface: page } }: { readonly status: Status }): ReactElement {
  return (
    <div className="fact">
      <span className="dim">{strings.status.health}</span>
      <span>
        {health === null ? (
          strings.status.unchecked
        ) : (
          <>
            <span className={health.state === "failed" ? "different" : ""}>{strings.status.healthState[health.state]}</span>
            <span className="mut"> {strings.status.checked(clock(Date.parse(health.time)).time, health.ms)}</span>
            {health.message === "" ? null : <span className="mut"> {health.message}</span>}
          </>
        )}{" "}
        <a href={`${page.url}/api/status/stacktrace`} target="_blank" rel="noreferrer">
          {strings.status.stackTrace}
        </a>
      </span>
    </div>
  );
}

function Engine({ status }: { readonly status: Status }): ReactElement {
  return (
    <Block title={strings.status.engine}>
      <Fact label={strings.status.version} value={status.version} />
      <Fact label={strings.status.started} value={dateTime(Date.parse(status.started))} />
      <Fact label={strings.status.pid} value={String(status.pid)} />
      <Fact label={strings.status.node} value={status.node_id} />
      <HealthLine status={status} />
    </Block>
  );
}

/** Where it listens, and what it keeps. */
function Places({ status }: { readonly status: Status }): ReactElement {
  return (
    <>
      <Block title={strings.status.addresses}>
        <Fact
          label={strings.status.proxy}
          value={`${status.proxy.url} (${status.running ? strings.status.running : strings.status.stopped}, ${strings.bar.modes[status.mode]})`}
        />
        <Fact
          label={strings.status.intercept}
          value={`${status.intercept.url} (${status.intercept.on ? strings.status.running : strings.status.stopped})`}
        />
        <Fact label={strings.status.interface} value={status.interface.url} />
        {status.clickhouse.port === null ? null : <Fact label={strings.status.clickhousePort} value={String(status.clickhouse.port)} />}
      </Block>
      <Block title={strings.status.session}>
        <Fact label={strings.status.sessionName} value={status.session.name} />
        <Fact label={strings.status.file} value={status.session.file} />
        <Fact label={strings.status.exchanges} value={count(status.capture.exchanges)} />
        <Fact label={strings.status.missed} value={count(status.capture.missed)} bad={status.capture.missed > 0} />
        <Fact label={strings.status.onDisk} value={bytes(status.capture.bytes)} />
      </Block>
    </>
  );
}
