// What memory is used for: a bar of the process's resident set, its largest parts, and ClickHouse beside it.
import type { ReactElement } from "react";
import type { Status } from "../../shared/contract.ts";
import type { MemoryReport, PartKind } from "../../shared/memory.ts";
import { useCall, useInvalidation } from "../api/hooks.ts";
import { strings } from "../strings.ts";
import { Block, Fact } from "../ui/block.tsx";
import { bytes, percent } from "../ui/format.ts";

const WORDS = strings.memory;
const KINDS: readonly PartKind[] = ["code", "heap", "buffers", "free", "other"];
const SHOWN = 8;

export function MemoryView({ status }: { readonly status: Status }): ReactElement {
  const memory = useCall("memory.get", {}, { keep: true });
  useInvalidation(["memory.get"], "exchanges", 10_000);
  return (
    <Block title={WORDS.title}>
      {memory.data === undefined ? null : <Report report={memory.data} />}
      {memory.isError ? <p className="note">{`${WORDS.unavailable} ${memory.error.message}`}</p> : null}
      <Fact label={WORDS.machine} value={WORDS.machineUsed(status.virtual_memory.percent, bytes(status.virtual_memory.total))} />
      <Texts url={status.interface.url} />
    </Block>
  );
}

function Report({ report }: { readonly report: MemoryReport }): ReactElement {
  const { process, accounted, clickhouse, problems } = report;
  const server = clickhouse.embedded ? "" : WORDS.elsewhere;
  return (
    <>
      <Fact label={WORDS.process} value={bytes(process.rss)} hint={WORDS.share(percent(Math.min(accounted, process.rss), process.rss))} />
      <Bar report={report} />
      <Parts report={report} />
      <Fact label={WORDS.clickhouse} value={bytes(clickhouse.rss)} hint={[server, ...clickhouse.problems].join(" ")} />
      {problems.map((problem) => (
        <p key={problem} className="note">
          {problem}
        </p>
      ))}
    </>
  );
}

function Bar({ report: { process, parts, unaccounted } }: { readonly report: MemoryReport }): ReactElement {
  const sums = KINDS.map((kind) => ({
    kind: kind as PartKind | "rest",
    bytes: parts.reduce((sum, part) => sum + (part.kind === kind ? part.bytes : 0), 0),
  }));
  const segments = [...sums, { kind: "rest" as const, bytes: Math.max(0, unaccounted) }];
  return (
    <div className="memory-bar">
      <div aria-hidden="true">
        {segments.map(({ kind, bytes: size }) => (
          <i key={kind} className={`memory-${kind}`} style={{ width: `${(100 * size) / Math.max(1, process.rss)}%` }} />
        ))}
      </div>
      <ul>
        {segments.map(({ kind, bytes: size }) => (
          <li key={kind}>
            <i aria-hidden="true" className={`memory-${kind}`} />
            {WORDS.kinds[kind]} <span className="mono">{bytes(size)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Parts({ report: { parts, held } }: { readonly report: MemoryReport }): ReactElement {
  const largest = parts.toSorted((a, b) => b.bytes - a.bytes).slice(0, SHOWN);
  const holding = held.filter(({ bytes: size }) => size > 0);
  return (
    <table className="memory-parts" aria-label={WORDS.parts}>
      <tbody>
        {largest.map(({ name, bytes: size, counts }) => (
          <tr key={name} title={counts}>
            <th scope="row">{name}</th>
            <td className="mono">{bytes(size)}</td>
          </tr>
        ))}
      </tbody>
      {holding.length === 0 ? null : (
        <tbody>
          <tr>
            <th scope="rowgroup" colSpan={2} className="dim">
              {WORDS.held}
            </th>
          </tr>
          {holding.map(({ name, bytes: size, counts }) => (
            <tr key={name} title={counts}>
              <th scope="row">{name}</th>
              <td className="mono">{bytes(size)}</td>
            </tr>
          ))}
        </tbody>
      )}
    </table>
  );
}

function Texts({ url }: { readonly url: string }): ReactElement {
  const link = (path: string, text: string): ReactElement => (
    <a href={`${url}${path}`} target="_blank" rel="noreferrer">
      {text}
    </a>
  );
  return (
    <div className="fact">
      <span className="dim">{WORDS.reports}</span>
      <span className="memory-texts">
        <span>
          {link("/api/status/heap", WORDS.heap)} <span className="mut">{WORDS.heapHint}</span>
        </span>
        {link("/api/status/heap?objects=false", WORDS.quick)}
        {link("/api/status/debugmallocstats", WORDS.malloc)}
      </span>
    </div>
  );
}
