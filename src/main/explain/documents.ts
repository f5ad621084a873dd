// The documents of an explanation: which side has them how, and since when.
import type { ExplainedDocument } from "../../shared/explanation.ts";
import type { LedgerEntry } from "../../shared/index_info.ts";
import { shardOf } from "../elasticsearch/routing.ts";
import type { IndexTable } from "../translate/types.ts";
import type { Tie } from "./answers.ts";
import type { ExplainBackends } from "./backends.ts";
import type { Evidence, Standing } from "./cause.ts";
import type { Found } from "./drill_down.ts";
import type { Sides } from "./sides.ts";

type Counts = Record<Standing, number>;

/** How many stand how. */
export function standingsOf(sides: Sides | null): Pick<Evidence, "elasticsearchOnly" | "clickhouseOnly"> {
  const none = (): Counts => ({ absent: 0, "other version": 0, "not chosen": 0, "other values": 0, "not refreshed": 0 });
  const counts = { elasticsearchOnly: none(), clickhouseOnly: none() };
  for (const { elasticsearch, standing } of sides?.unlike ?? []) {
    counts[elasticsearch === null ? "clickhouseOnly" : "elasticsearchOnly"][standing] += 1;
  }
  return counts;
}

/** Those that are not alike, with their ledger entries. */
export function documentsOf(sides: Sides, tables: readonly IndexTable[], backends: ExplainBackends): readonly ExplainedDocument[] {
  const ledgers = ledgersOf(tables, backends);
  return sides.unlike.map(({ elasticsearch, clickhouse, standing, there }) => {
    const found = elasticsearch ?? clickhouse;
    const versions = standing !== "not chosen" && standing !== "other values";
    const told = (side: Found | null, other: boolean): string | null => {
      if (side !== null) return versions ? `_seq_no ${side.seqNo}` : side.values;
      return other && there !== null ? `_seq_no ${there.seqNo}` : null;
    };
    return {
      index: found?.index ?? "",
      id: found?.id ?? "",
      found: elasticsearch === null ? "clickhouse" : clickhouse === null ? "elasticsearch" : "both",
      elasticsearch: told(elasticsearch, clickhouse !== null),
      clickhouse: told(clickhouse, elasticsearch !== null),
      ledger: found === null ? null : (ledgers(found) ?? null),
    };
  });
}

type Ledgers = (found: Found) => LedgerEntry | undefined;

function ledgersOf(tables: readonly IndexTable[], backends: ExplainBackends): Ledgers {
  const byIndex = new Map(
    tables.map((table) => {
      const entries = backends.ledger(table.index).map((entry) => [`${entry.shard} ${entry.seq_no}`, entry] as const);
      return [table.index, { table, entries: new Map(entries) }] as const;
    }),
  );
  return ({ index, id, routing, seqNo }) => {
    const own = byIndex.get(index);
    return own?.entries.get(`${shardOf(routing === "" ? id : routing, own.table)} ${seqNo}`);
  };
}

/** Documents of the choice that came to ClickHouse after the search was compared, though Elasticsearch had them before. */
export function lateOf(
  compared: number,
  sides: Sides | null,
  tables: readonly IndexTable[],
  backends: ExplainBackends,
): readonly ExplainedDocument[] {
  const ledgers = ledgersOf(tables, backends);
  return (sides?.findings.elasticsearch.documents ?? []).flatMap((found) => {
    const ledger = ledgers(found);
    const late = ledger !== undefined && Date.parse(ledger.acknowledged) <= compared && Date.parse(ledger.mirrored) > compared;
    const version = `_seq_no ${found.seqNo}`;
    return late ? [{ index: found.index, id: found.id, found: "both", elasticsearch: version, clickhouse: version, ledger }] : [];
  });
}

/** Hits that tie, with their places. */
export function tiedDocuments({ hits }: Tie): readonly ExplainedDocument[] {
  const place = (at: number | null): string | null => (at === null ? null : `place ${at + 1}`);
  return hits.map(({ index, id, elasticsearch, clickhouse }) => ({
    index,
    id,
    found: elasticsearch === null ? "clickhouse" : clickhouse === null ? "elasticsearch" : "both",
    elasticsearch: place(elasticsearch),
    clickhouse: place(clickhouse),
    ledger: null,
  }));
}
