// What of each search its comparison is told by: a short row beside the long one in `parts`, so that all of a session is
// summed in a moment. A search has the id of its part.
import type { DatabaseSync } from "node:sqlite";
import { clientContext } from "../../../shared/client_context.ts";

const tables = (temporary: string) => `
CREATE ${temporary} TABLE IF NOT EXISTS askers (
  id INTEGER PRIMARY KEY,
  application TEXT NOT NULL,
  dashboard TEXT NOT NULL,
  panel TEXT NOT NULL,
  UNIQUE (application, dashboard, panel)
) STRICT;
CREATE ${temporary} TABLE IF NOT EXISTS searches (
  id INTEGER PRIMARY KEY,
  time REAL NOT NULL,
  shape TEXT NOT NULL,
  verdict TEXT NOT NULL,
  index_expression TEXT NOT NULL,
  asker INTEGER NOT NULL,
  elasticsearch_ms REAL,
  clickhouse_ms REAL,
  equal_leaves INTEGER,
  total_leaves INTEGER
) STRICT;
CREATE ${temporary} TABLE IF NOT EXISTS differing (search INTEGER NOT NULL, path TEXT NOT NULL, PRIMARY KEY (search, path)) STRICT, WITHOUT ROWID;
`;

/** Tables of an empty file, with what takes rows away when their part goes. */
export const COMPARE_TABLES = `${tables("")}
CREATE TRIGGER IF NOT EXISTS searches_removed AFTER DELETE ON parts BEGIN
  DELETE FROM searches WHERE id = old.id;
  DELETE FROM differing WHERE search = old.id;
END;
`;

/** Fills the tables from parts of a file that lacks them: all but how many leaves were compared, and where they differ. */
const FILL = `
INSERT OR IGNORE INTO askers (application, dashboard, panel)
  SELECT DISTINCT asker_of(client, 'application'), asker_of(client, 'dashboard'), asker_of(client, 'panel') FROM exchanges WHERE kind = 'search';
INSERT OR IGNORE INTO searches
  SELECT p.id, e.time, p.shape, p.verdict, p.index_expression, a.id, p.elasticsearch_ms, p.clickhouse_ms, NULL, NULL
  FROM parts p JOIN exchanges e ON e.id = p.id / 65536
  JOIN askers a ON a.application = asker_of(e.client, 'application')
    AND a.dashboard = asker_of(e.client, 'dashboard') AND a.panel = asker_of(e.client, 'panel');
`;

/** Gives a file of an earlier format the tables, in it or (`temporary`) beside it. */
export function addCompareTables(db: DatabaseSync, temporary: boolean): void {
  db.function("asker_of", { deterministic: true }, (client, part) => {
    const { application, dashboard, panel } = clientContext(String(client));
    return part === "application" ? application : part === "dashboard" ? dashboard : panel;
  });
  db.exec(`${temporary ? tables("TEMP") : COMPARE_TABLES} ${FILL}`);
}
