// The Indices page: what Elasticsearch counts beside what ClickHouse holds.
import type { IndexInfo } from "../../shared/contract.ts";
import { numberAt, objectAt } from "../../shared/json.ts";
import { column, param, select } from "../clickhouse/sql/ast.ts";
import { print } from "../clickhouse/sql/print.ts";
import type { ElasticsearchClient } from "../elasticsearch/client.ts";
import type { IndexMirror } from "./index_mirror.ts";
import type { Store } from "./store.ts";
import { countDocuments } from "./table.ts";
import { TAPPED, type TappedIndices } from "./tapped.ts";
import { visibleDocuments } from "./visible_documents.ts";

interface Sources {
  readonly clickhouse: Store;
  readonly elasticsearch: ElasticsearchClient;
  readonly database: string;
  readonly open: ReadonlyMap<string, IndexMirror>;
  readonly lacking?: (index: string) => number;
  readonly tapped: TappedIndices;
}

interface Size {
  readonly docs: number | null;
  readonly bytes: number | null;
}

const UNKNOWN: Size = Object.freeze({ docs: null, bytes: null });

/** What the mirror itself knows; `lag` is without what waits in the journal. */
export type MirroredInfo = Omit<IndexInfo, "reconciled">;

const NO_TABLE = "it has no table: its documents were written before Parallax came, or elsewhere";

/** One entry an index, sorted by name; a side that does not answer is null. Never throws. */
export async function indexInfos(sources: Sources): Promise<readonly MirroredInfo[]> {
  const [counted, ours, ruleOf] = await Promise.all([
    elasticsearchSizes(sources).catch(() => null),
    tableSizes(sources).catch(() => null),
    sources.tapped.rules(),
  ]);
  const theirs = counted === null || ours === null ? counted : await withoutNested(sources, counted, ours);
  const lacking = sources.lacking ?? (() => 0);
  const names = new Set(
    [...(theirs?.keys() ?? []), ...sources.open.keys()].filter((name) => !name.startsWith(".") || name.startsWith(".ds-")),
  );
  return [...names].toSorted().map((name) => {
    const index = sources.open.get(name);
    const elasticsearch = theirs?.get(name) ?? UNKNOWN;
    const clickhouse = ours?.get(name) ?? UNKNOWN;
    const pending = index?.pending ?? 0;
    const seconds = (index?.lagMs ?? 0) / 1000;
    const { mode, from } = ruleOf(name);
    const tapped = sources.tapped.counted(name);
    const without = clickhouse.docs === null && ours !== null ? (elasticsearch.docs ?? 0) : 0;
    return {
      name,
      mode,
      modeFrom: from,
      elasticsearch,
      clickhouse,
      ratio: ratioOf(elasticsearch, clickhouse),
      lag: { documents: pending, seconds },
      notMirrored: lacking(name) + (index?.notMirrored ?? 0) + tapped || without,
      reason: mode === "tap" ? TAPPED : index?.completeness.known || (without > 0 ? NO_TABLE : ""),
    };
  });
}

/** Where the sides differ, Elasticsearch is asked again without its nested objects. */
async function withoutNested(
  { elasticsearch }: Sources,
  theirs: ReadonlyMap<string, Size>,
  ours: ReadonlyMap<string, Size>,
): Promise<ReadonlyMap<string, Size>> {
  const differing = [...theirs].filter(([name, { docs }]) => ours.has(name) && ours.get(name)?.docs !== docs).map(([name]) => name);
  const visible = await visibleDocuments(elasticsearch, differing).catch(() => new Map<string, number>());
  return new Map([...theirs].map(([name, size]) => [name, { ...size, docs: visible.get(name) ?? size.docs }]));
}

/** Bytes for bytes, where both sides have the same number of documents. */
function ratioOf(theirs: Size, ours: Size): number | null {
  if (theirs.docs === null || theirs.docs === 0 || theirs.docs !== ours.docs || !theirs.bytes || !ours.bytes) return null;
  return Number((theirs.bytes / ours.bytes).toPrecision(3));
}

async function elasticsearchSizes({ elasticsearch }: Sources): Promise<ReadonlyMap<string, Size>> {
  const answer = await elasticsearch.json("GET", "/_stats/docs,store", undefined, { timeoutMs: 5_000 });
  const indices = objectAt(answer, "indices");
  return new Map(
    Object.entries(indices).map(([name, value]) => {
      const primaries = objectAt(value, "primaries");
      return [
        name,
        { docs: numberAt(objectAt(primaries, "docs"), "count"), bytes: numberAt(objectAt(primaries, "store"), "size_in_bytes") },
      ];
    }),
  );
}

async function tableSizes({ clickhouse, database, open }: Sources): Promise<ReadonlyMap<string, Size>> {
  const query = select({
    columns: ["name", "total_rows", "total_bytes"].map((name) => ({ expr: column(name) })),
    from: { kind: "table", database: "system", name: "tables" },
    where: { kind: "binary", op: "=", left: column("database"), right: param("String", database) },
  });
  const { rows } = await clickhouse.query(print(query), { asWriter: true });
  const sizes = rows.map(async (row): Promise<readonly [string, Size]> => {
    const name = String(row.name ?? "");
    const docs = open.get(name)?.versions.final === true ? await countDocuments(clickhouse, database, name) : Number(row.total_rows ?? 0);
    return [name, { docs, bytes: Number(row.total_bytes ?? 0) }];
  });
  return new Map(await Promise.all(sizes));
}
