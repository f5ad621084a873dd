// Fields of a request whose column in the table is not what the mapping says.
import type { JsonValue } from "../../shared/json.ts";
import { isArray, isObject } from "../../shared/json.ts";
import { and, binary, column, param, select } from "../clickhouse/sql/ast.ts";
import { print } from "../clickhouse/sql/print.ts";
import { placeColumns, placesOf } from "../elasticsearch/columns.ts";
import { type Field, findField, type Mapping } from "../elasticsearch/mapping.ts";
import type { Running } from "../exchange/run_search.ts";
import type { IndexTable } from "../translate/types.ts";
import type { Conflict } from "./cause.ts";

/** Those of the fields that the request names, wherever. Rejects as `run` does. */
export async function conflictsOf(run: Running["run"], tables: readonly IndexTable[], request: JsonValue): Promise<readonly Conflict[]> {
  const found: Conflict[] = [];
  for (const { database, table, mapping } of tables) {
    const fields = fieldsNamed(request, mapping);
    if (fields.length === 0) continue;
    const columns = await columnsOf(run, database, table);
    if (columns.size > 0) found.push(...fields.flatMap((field) => conflictOf(field, columns)));
  }
  return found;
}

function conflictOf(field: Field, columns: ReadonlyMap<string, string>): readonly Conflict[] {
  const other = placesOf(field)
    .flatMap(placeColumns)
    .find(({ name, type }) => plain(columns.get(name)) !== plain(type));
  if (other === undefined) return [];
  return [{ field: field.path, mapping: field.type, column: columns.get(other.name) ?? null }];
}

// A column may be kept as a dictionary of its values: they are the same.
function plain(type: string | undefined): string {
  return (type ?? "").replaceAll(/LowCardinality\(([^()]*)\)/g, "$1");
}

async function columnsOf(run: Running["run"], database: string, table: string): Promise<ReadonlyMap<string, string>> {
  const query = select({
    columns: [{ expr: column("name") }, { expr: column("type") }],
    from: { kind: "table", database: "system", name: "columns" },
    where: and([binary(column("database"), "=", param("String", database)), binary(column("table"), "=", param("String", table))]),
  });
  const { rows } = await run(print(query));
  return new Map(rows.map((row) => [String(row.name), String(row.type)]));
}

/** Mapped fields among all names and texts of a request. */
function fieldsNamed(request: JsonValue, mapping: Mapping): readonly Field[] {
  const names = new Set<string>();
  const open: JsonValue[] = [request];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (typeof value === "string") names.add(value);
    else if (isArray(value)) open.push(...value);
    else if (isObject(value)) {
      for (const [name, inside] of Object.entries(value)) {
        names.add(name);
        open.push(inside);
      }
    }
  }
  return [...names].flatMap((name) => findField(mapping, name) ?? []);
}
