// How far the start is, a line each: the endpoint, Elasticsearch, ClickHouse.
import type { ReactElement } from "react";
import type { Status } from "../../shared/contract.ts";
import { strings } from "../strings.ts";
import { Icon } from "../ui/icon.tsx";
import "./first_run.css";

export function StartSteps({ status }: { readonly status: Status | undefined }): ReactElement {
  return (
    <>
      <Step
        done={status?.running === true}
        text={status === undefined ? strings.start.starting : strings.start.listening(status.proxy.url)}
      />
      <Step done={isReady(status?.elasticsearch.status)} text={strings.start.elasticsearch(status?.elasticsearch)} />
      <Step done={isReady(status?.clickhouse.status)} text={strings.start.clickhouse(status?.clickhouse)} />
    </>
  );
}

function isReady(state: string | undefined): boolean {
  return state === "ok" || state === "recorded";
}

function Step({ done, text }: { readonly done: boolean; readonly text: string }): ReactElement {
  return (
    <div className="step">
      {done ? <Icon name="check" /> : <span className="spinner" />}
      <span>{text}</span>
    </div>
  );
}
