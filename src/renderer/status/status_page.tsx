// Status: what runs, where, in which version; what is wrong.
import type { ReactElement, ReactNode } from "react";
import type { Backend, Status } from "../../shared/contract.ts";
import { useCall, useInvalidation } from "../api/hooks.ts";
import { strings } from "../strings.ts";
import { bytes, clock, count } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { Side, type SideName } from "../ui/side.tsx";
import { LoadingBars, State } from "../ui/state.tsx";
import "./status.css";

export function StatusPage(): ReactElement {
  const status = useCall("status.get", {});
  useInvalidation(["status.get"], "exchanges", 2000);
  if (status.isError && status.data === undefined) return <State title={strings.engine.unreachable}>{strings.engine.retrying}</State>;
  if (status.data === undefined) return <LoadingBars />;
  return (
    <>
      <div className="page-head">
        <h1>{strings.pages.status}</h1>
        <span className="s2 mut">{strings.status.up(status.data.uptime)}</span>
      </div>
      <div className="fill scroll status-page">
        <Problems problems={status.data.problems} />
        <Group title={strings.status.backends}>
          <BackendLines side="es" backend={status.data.elasticsearch} />
          <BackendLines side="ch" backend={status.data.clickhouse} />
          {status.data.clickhouse.dataFolder === null ? null : (
            <Line label={strings.status.clickhouseData} value={status.data.clickhouse.dataFolder} />
          )}
        </Group>
        <Engine status={status.data} />
      </div>
    </>
  );
}

function Problems({ problems }: { readonly problems: readonly string[] }): ReactElement {
  return (
    <Group title={strings.status.problems}>
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
    </Group>
  );
}

function BackendLines({ side, backend }: { readonly side: SideName; readonly backend: Backend }): ReactElement {
  return (
    <div className="status-line">
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

function Engine({ status }: { readonly status: Status }): ReactElement {
  const started = new Date(status.started);
  const { time } = clock(started.getTime());
  return (
    <>
      <Group title={strings.status.engine}>
        <Line label={strings.status.version} value={status.version} />
        <Line label={strings.status.started} value={`${started.toLocaleDateString()} ${time}`} />
        <Line label={strings.status.pid} value={String(status.pid)} />
        <Line label={strings.status.node} value={status.node_id} />
      </Group>
      <Group title={strings.status.addresses}>
        <Line
          label={strings.status.proxy}
          value={`${status.proxy.url} (${status.running ? strings.status.running : strings.status.stopped}, ${strings.bar.modes[status.mode]})`}
        />
        <Line
          label={strings.status.intercept}
          value={`${status.intercept.url} (${status.intercept.on ? strings.status.running : strings.status.stopped})`}
        />
        <Line label={strings.status.interface} value={status.interface.url} />
        {status.clickhouse.port === null ? null : <Line label={strings.status.clickhousePort} value={String(status.clickhouse.port)} />}
      </Group>
      <Group title={strings.status.session}>
        <Line label={strings.status.sessionName} value={status.session.name} />
        <Line label={strings.status.file} value={status.session.file} />
        <Line label={strings.status.exchanges} value={count(status.capture.exchanges)} />
        <Line label={strings.status.missed} value={count(status.capture.missed)} bad={status.capture.missed > 0} />
        <Line label={strings.status.onDisk} value={bytes(status.capture.bytes)} />
      </Group>
    </>
  );
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <section className="block">
      <div className="sec">
        <b>{title}</b>
      </div>
      {children}
    </section>
  );
}

function Line({ label, value, bad = false }: { readonly label: string; readonly value: string; readonly bad?: boolean }): ReactElement {
  return (
    <div className="status-line">
      <span className="dim">{label}</span>
      <span className={`mono breakable${bad ? " different" : ""}`}>{value}</span>
    </div>
  );
}
