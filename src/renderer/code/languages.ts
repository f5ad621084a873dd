// The two languages that the window shows.
import { json } from "@codemirror/lang-json";
import { SQLDialect, sql } from "@codemirror/lang-sql";
import type { Extension } from "@codemirror/state";

const CLICKHOUSE_KEYWORDS =
  "select from where prewhere group by order having limit offset as and or not in final array join left inner outer full cross on using union all distinct with over partition desc asc nulls first last case when then else end between like ilike is null settings format explain pipeline plan interval rows range any global sample describe show create table insert into values window qualify except intersect fill to step rollup cube totals";

const clickhouse = SQLDialect.define({
  keywords: CLICKHOUSE_KEYWORDS,
  types:
    "array map tuple nullable lowcardinality string fixedstring int8 int16 int32 int64 int128 int256 uint8 uint16 uint32 uint64 uint128 uint256 float32 float64 bool date date32 datetime datetime64 decimal uuid ipv4 ipv6 enum8 enum16",
  builtin: "",
  identifierQuotes: '`"',
  backslashEscapes: true,
});

export type LanguageName = "json" | "sql" | "text";

export function language(name: LanguageName): Extension {
  if (name === "json") return json();
  return name === "sql" ? sql({ dialect: clickhouse }) : [];
}
