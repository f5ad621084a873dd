// Everything that belongs to one Elasticsearch: its watch, its mirror, its session, and the exchanges between them. A new
// URL, or the sample, is a new workspace; the proxy and ClickHouse stay.
import { createHash } from "node:crypto";
import type { Backend, Mode } from "../shared/contract.ts";
import { openSession, type Session } from "./capture/session.ts";
import type { SessionProblem } from "./capture/types.ts";
import type { ClickHouseClient } from "./clickhouse/client.ts";
import { ElasticsearchClient } from "./elasticsearch/client.ts";
import { ElasticsearchWatch } from "./elasticsearch/watch.ts";
import { Exchanges } from "./exchange/exchanges.ts";
import { Mirror } from "./mirror/mirror.ts";
import type { Log } from "./report/log.ts";

export interface WorkspaceOptions {
  /** Upstream URL, may carry credentials. */
  readonly url: string;
  readonly sessionFile: string;
  readonly capBytes: number;
  readonly mode: Mode;
  /** null where there is none to be had. */
  readonly clickhouse: ClickHouseClient | null;
  /** Fixed database (the sample's, made anew); null: one for each cluster, by its uuid. */
  readonly database: string | null;
  readonly log: Log;
  readonly changed: (id: number) => void;
  readonly statusChanged: () => void;
}

export interface Workspace {
  readonly session: Session;
  readonly exchanges: Exchanges;
  /** null where there is no ClickHouse. */
  readonly mirror: Mirror | null;
  readonly watch: ElasticsearchWatch;
  readonly problem: () => SessionProblem | null;
  backend(): Backend;
  close(): Promise<void>;
}

/** Opens a workspace. Elasticsearch may be away; ClickHouse must be there for a fixed database. */
export async function openWorkspace(options: WorkspaceOptions): Promise<Workspace> {
  const client = new ElasticsearchClient(options.url);
  const watch = new ElasticsearchWatch(client, () => options.statusChanged());
  const first = await watch.start();
  let problem: SessionProblem | null = null;
  const session = openSession(options.sessionFile, {
    capBytes: options.capBytes,
    onProblem: (found) => {
      problem = found;
      options.statusChanged();
    },
  });
  const database = options.database ?? databaseOf(first.clusterUuid ?? options.url);
  const { clickhouse, log } = options;
  const mirror = clickhouse === null ? null : new Mirror({ clickhouse, elasticsearch: client, database, log });
  const exchanges = new Exchanges({
    session,
    mirrored: mirror === null || clickhouse === null ? null : { mirror, clickhouse },
    log,
    changed: options.changed,
  });
  exchanges.mode = options.mode;
  return {
    session,
    exchanges,
    mirror,
    watch,
    problem: () => problem,
    backend: () => ({ url: client.url, status: watch.state.status, version: watch.state.version, message: watch.state.message }),
    close: async () => {
      watch.stop();
      await exchanges.settled();
      await mirror?.close();
      session.close();
      client.close();
    },
  };
}

// Tables of two clusters must never mix, and a cluster met again must find its own.
function databaseOf(cluster: string): string {
  return `parallax_${createHash("sha256").update(cluster).digest("hex").slice(0, 8)}`;
}
