// Both answers in figures, Elasticsearch first.
import { type ReactElement, useMemo } from "react";
import type { ExchangeDetail, SearchPart } from "../../../shared/exchange.ts";
import { strings } from "../../strings.ts";
import { bytes, duration, groupDigits, NONE, times } from "../../ui/format.ts";
import { Side } from "../../ui/side.tsx";
import { isAlone } from "../alone.ts";
import { useBody } from "../body/body_text.ts";
import { delta } from "../diff/delta.ts";
import { type AnswerFigures, figuresOf } from "./figures.ts";

interface Line {
  readonly label: string;
  readonly es: string;
  readonly ch: string;
  readonly difference: string;
  readonly bad?: boolean;
}

export function BothAnswers({ exchange }: { readonly exchange: ExchangeDetail }): ReactElement | null {
  const part = exchange.searches.length === 1 ? exchange.searches[0] : undefined;
  const body = useBody(
    exchange.id,
    "elasticsearch",
    exchange.response !== null && !isAlone(exchange) && part !== undefined && exchange.responseBytes < 2_000_000,
    2_000_000,
  );
  const es = useMemo(
    () => figuresOf(part?.second?.elasticsearch ?? (body.data?.whole === true ? body.data.text : null)),
    [body.data, part],
  );
  const ch = useMemo(() => figuresOf(part?.clickhouse ?? null), [part]);
  if (exchange.kind !== "search") return null;
  const alone = isAlone(exchange);
  const size = alone ? aloneSize(exchange) : sizeLine(exchange, part);
  const lines = [timeLine(exchange), ...countLines(es, ch), ...costLines(exchange.searches, es, alone), size];
  return (
    <div className="block both">
      <div className="tr head">
        <span className="sec">
          <b>{strings.overview.both}</b>
        </span>
        <span className="num">
          <Side side="es" />
        </span>
        <span className="num">
          <Side side="ch" />
        </span>
        <span className="num">{strings.overview.difference}</span>
      </div>
      {lines.map((line) => (
        <div key={line.label} className="tr">
          <span className="dim cut">{line.label}</span>
          <span className="num">{line.es}</span>
          <span className="num">{line.ch}</span>
          <span className={`num ${line.bad === true ? "different" : "mut"}`}>{line.difference}</span>
        </div>
      ))}
    </div>
  );
}

function timeLine({ elasticsearchMs, clickhouseMs }: ExchangeDetail): Line {
  const both = elasticsearchMs !== null && clickhouseMs !== null && elasticsearchMs > 0 && clickhouseMs > 0;
  const noise = both && elasticsearchMs < 10 && clickhouseMs < 10;
  const faster = both && !noise ? times(Math.max(elasticsearchMs, clickhouseMs), Math.min(elasticsearchMs, clickhouseMs)) : "";
  const who = faster === "" ? "" : (elasticsearchMs ?? 0) >= (clickhouseMs ?? 0) ? " CH" : " ES";
  return { label: strings.overview.readyAfter, es: duration(elasticsearchMs), ch: duration(clickhouseMs), difference: faster + who };
}

function countLines(es: AnswerFigures | null, ch: AnswerFigures | null): readonly Line[] {
  const rows: readonly (readonly [string, string | null, string | null])[] = [
    [strings.overview.matching, es?.total ?? null, ch?.total ?? null],
    [strings.overview.hits, text(es?.hits), text(ch?.hits)],
    [strings.overview.buckets, text(es?.buckets), text(ch?.buckets)],
  ];
  return rows.flatMap(([label, a, b]) => {
    if (a === null && b === null) return [];
    const differs = a !== null && b !== null && a !== b;
    return [{ label, es: show(a), ch: show(b), difference: differs ? delta(a, b) || strings.overview.differs : "", bad: differs }];
  });
}

function text(value: number | null | undefined): string | null {
  return value === null || value === undefined || value === 0 ? null : String(value);
}

function show(value: string | null): string {
  return value === null ? NONE : groupDigits(value);
}

function costLines(parts: readonly SearchPart[], es: AnswerFigures | null, alone: boolean): readonly Line[] {
  const runs = parts.flatMap((part) => part.statements);
  if (runs.length === 0) return [];
  const sum = (of: (run: (typeof runs)[number]) => number | null) => runs.reduce<number | null>((total, run) => add(total, of(run)), null);
  const rows = sum((run) => run.readRows);
  const memory = runs.reduce<number | null>((most, run) => (run.memoryBytes === null ? most : Math.max(most ?? 0, run.memoryBytes)), null);
  return [
    {
      label: strings.overview.read,
      es: es?.shards === null || es === null ? NONE : strings.overview.shards(es.shards),
      ch: rows === null ? NONE : strings.overview.rows(rows),
      difference: "",
    },
    { label: strings.overview.memory, es: alone ? NONE : strings.overview.notReported, ch: bytes(memory), difference: "" },
  ];
}

function add(total: number | null, value: number | null): number | null {
  return value === null ? total : (total ?? 0) + value;
}

function aloneSize({ responseBytes }: ExchangeDetail): Line {
  return { label: strings.overview.response, es: NONE, ch: bytes(responseBytes), difference: "" };
}

function sizeLine(exchange: ExchangeDetail, part: SearchPart | undefined): Line {
  const text = part?.clickhouse ?? null;
  const ch = text === null ? (part?.clickhouseBytes ?? null) : new TextEncoder().encode(text).length;
  return { label: strings.overview.response, es: bytes(exchange.responseBytes), ch: bytes(ch), difference: "" };
}
