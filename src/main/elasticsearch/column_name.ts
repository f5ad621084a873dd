// Field path → column name in the mirror table, one to one. A dot would make ClickHouse see a Nested structure whose
// arrays share offsets (docs/translation.md), so `.` is written `/`; `/`, `#` and `%` of the path are percent-encoded.

/** `host.name` → `host/name`. */
export function columnName(path: string): string {
  return path.replace(/[/#%]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`).replaceAll(".", "/");
}

/** The inverse of columnName, for a base name without suffix. */
export function pathOfColumn(column: string): string {
  return column.replaceAll("/", ".").replace(/%(2F|23|25)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
