// Client → Parallax → Elasticsearch, and beside it, ClickHouse.
import type { ReactElement } from "react";
import type { Status } from "../../shared/contract.ts";
import { strings } from "../strings.ts";

/** As long as fits into its box. */
const LONGEST = 24;

function host(url: string): string {
  const name = url.replace(/^https?:\/\/([^@/]*@)?/, "").replace(/\/$/, "");
  return name.length > LONGEST ? `${name.slice(0, LONGEST - 1)}…` : name;
}

export function FlowDrawing({ status }: { readonly status: Status }): ReactElement {
  const es = status.elasticsearch;
  const ch = status.clickhouse;
  const texts = strings.start.drawing;
  return (
    <div className="flow">
      <svg viewBox="0 0 490 150" role="img" aria-label={texts.label}>
        <g fill="none" strokeWidth="2">
          <path d="M78 52H156M150 47l6 5-6 5" stroke="var(--fg)" />
          <path d="M262 52H322M316 47l6 5-6 5" stroke="var(--es)" />
          <path d="M210 74V116H322" stroke="var(--ch)" strokeDasharray="5 4" />
          <path d="M316 111l6 5-6 5" stroke="var(--ch)" />
        </g>
        <text x="0" y="50" className="head">
          {texts.client}
        </text>
        <text x="0" y="66" className="small">
          {texts.waitsFor}
        </text>
        <text x="0" y="80" className="small">
          {strings.side.es}
        </text>
        <rect x="160" y="30" width="100" height="44" rx="4" fill="var(--ink)" />
        <text x="210" y="50" className="head on-ink" textAnchor="middle">
          {strings.start.name}
        </text>
        <text x="210" y="66" className="code on-ink" textAnchor="middle">
          :{status.proxy.port}
        </text>
        <rect x="328" y="30" width="160" height="44" rx="22" fill="var(--es-soft)" stroke="var(--es)" />
        <text x="408" y="50" className="head" textAnchor="middle">
          {strings.side.es} {es.version ?? ""}
        </text>
        <text x="408" y="66" className="small" textAnchor="middle">
          <title>{es.url}</title>
          {es.status === "recorded" ? strings.backendState.recorded : host(es.url) || strings.backendState.absent}
        </text>
        <rect x="328" y="94" width="160" height="44" fill="var(--ch-soft)" stroke="var(--ch)" />
        <text x="408" y="114" className="head" textAnchor="middle">
          {strings.side.ch} {ch.version ?? ""}
        </text>
        <text x="408" y="130" className="small" textAnchor="middle">
          <title>{ch.url}</title>
          {ch.embedded ? strings.bar.embedded : host(ch.url)}
        </text>
        <text x="200" y="134" className="small" textAnchor="end">
          {texts.copy}
        </text>
      </svg>
    </div>
  );
}
