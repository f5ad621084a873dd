// Changes of databases and tables as data, and their statements: on one server, or on a ClickHouse cluster. There each mirror table
// is two: the one that rows are kept in, on every server, and a Distributed one of the index's own name, which is read and written.
// A document is on one shard, whatever becomes of it: the shard is chosen by its `_id`.

import { isNumber } from "../../shared/json.ts";
import type { Mapping } from "../elasticsearch/mapping.ts";
import type { Row } from "../translate/types.ts";
import {
  addColumns,
  createDatabase,
  createDistributed,
  createTable,
  deleteRows,
  dropDatabase,
  dropTable,
  localTable,
  type TableColumn,
} from "./schema.ts";

export type Change =
  | { readonly kind: "create database" | "drop database"; readonly database: string }
  | {
      readonly kind: "create table";
      readonly database: string;
      readonly table: string;
      readonly mapping: Mapping;
      readonly uuid: string;
      readonly words: boolean;
    }
  | {
      readonly kind: "add columns";
      readonly database: string;
      readonly table: string;
      readonly columns: readonly TableColumn[];
      readonly words: boolean;
    }
  | { readonly kind: "drop table"; readonly database: string; readonly table: string }
  /** `which` is a condition, printed. */
  | { readonly kind: "delete rows"; readonly database: string; readonly table: string; readonly which: string };

/** A cluster as the configuration names it. */
export interface ClusterOptions {
  readonly name: string;
  /** Whether tables are replicated; null: where the cluster has shards with several replicas. */
  readonly replicated: boolean | null;
}

/** A cluster as its servers know it. */
export interface Cluster {
  readonly name: string;
  readonly servers: number;
  readonly replicated: boolean;
}

/** Asks a server for what it knows of a cluster: one row a server. */
export const CLUSTER_QUERY = "SELECT shard_num, replica_num FROM system.clusters WHERE cluster = {name:String}";

/** Reads the rows of CLUSTER_QUERY; null when the server knows no such cluster. */
export function readCluster({ name, replicated }: ClusterOptions, rows: readonly Row[]): Cluster | null {
  if (rows.length === 0) return null;
  const several = rows.some(({ replica_num: replica }) => isNumber(replica) && Number(replica) > 1);
  return Object.freeze({ name, servers: rows.length, replicated: replicated ?? several });
}

/** The statements of a change, in their order. `queued`: one server passes them on to all (ON CLUSTER); else each is told itself. */
export function statementsOf(change: Change, cluster: Cluster | null, queued = true): readonly string[] {
  const on = cluster === null || !queued ? null : cluster.name;
  switch (change.kind) {
    case "create database":
      return [createDatabase(change.database, on)];
    case "drop database":
      return [dropDatabase(change.database, on)];
    case "create table": {
      const { database, table, mapping, uuid, words } = change;
      if (cluster === null) return [createTable(database, table, mapping, uuid, words)];
      const placement = { on, replicated: cluster.replicated };
      return [
        createTable(database, localTable(table), mapping, uuid, words, placement),
        createDistributed(database, table, mapping, uuid, cluster.name, on),
      ];
    }
    case "add columns": {
      const { database, table, columns, words } = change;
      if (cluster === null) return listed(addColumns(database, table, columns, words));
      return [
        ...listed(addColumns(database, localTable(table), columns, words, on)),
        ...listed(addColumns(database, table, columns, false, on, false)),
      ];
    }
    case "drop table": {
      const { database, table } = change;
      const own = dropTable(database, table, on);
      return cluster === null ? [own] : [own, dropTable(database, localTable(table), on)];
    }
    case "delete rows": {
      const { database, table, which } = change;
      return [deleteRows(database, cluster === null ? table : localTable(table), which, on)];
    }
  }
}

function listed(statement: string | null): readonly string[] {
  return statement === null ? [] : [statement];
}
