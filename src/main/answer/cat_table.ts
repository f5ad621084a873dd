// A `_cat` answer: rows of named cells, as text in columns or as JSON, with the columns (`h`), the order (`s`) and the heading (`v`)
// that the client asks for. Pure.
import { type JsonValue, jsonObject } from "../../shared/json.ts";
import { isOn } from "./parameters.ts";
import { type Answered, type Call, declined, type EndpointAnswer, json } from "./types.ts";

export interface CatColumn {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** Shown where the client names no columns. @default true */
  readonly shown?: boolean;
  /** Numbers stand to the right and are ordered by their size. */
  readonly number?: boolean;
}

export type CatRow = Readonly<Record<string, string>>;

/** URL parameters of every `_cat` endpoint. */
export const CAT_PARAMETERS = ["h", "s", "v"] as const;

interface Shown {
  readonly column: CatColumn;
  /** As the client calls it. */
  readonly title: string;
}

interface CatOrder {
  readonly column: CatColumn;
  readonly desc: boolean;
}

export interface CatRequest {
  readonly shown: readonly Shown[];
  readonly order: readonly CatOrder[];
}

/** Reads `h` and `s`; in words, what is Elasticsearch's to tell. */
export function readCat({ params, accept }: Call, columns: readonly CatColumn[], what: string): CatRequest | string {
  if (accept.includes(",") || /cbor|smile|yaml/.test(accept)) return `answers in [${accept}] are Elasticsearch's to give`;
  const named = (name: string): CatColumn | undefined =>
    columns.find((column) => column.name === name || column.aliases?.includes(name) === true);
  const unknown = (name: string): string => `[${name}] of ${what} is Elasticsearch's to tell`;
  const titles = listed(params.get("h"));
  const shown: Shown[] = columns.filter((column) => column.shown !== false).map((column) => ({ column, title: column.name }));
  if (titles.length > 0) shown.length = 0;
  for (const title of titles) {
    const column = named(title);
    if (column === undefined) return unknown(title);
    shown.push({ column, title });
  }
  const order: CatOrder[] = [];
  for (const item of listed(params.get("s"))) {
    const [, name = "", direction = "asc"] = /^(.*?)(?::(asc|desc))?$/.exec(item) ?? [];
    const column = named(name);
    if (column === undefined) return unknown(name);
    order.push({ column, desc: direction === "desc" });
  }
  return { shown, order };
}

/** The names of the columns that are shown or ordered by. */
export function columnsOf({ shown, order }: CatRequest): ReadonlySet<string> {
  return new Set([...shown, ...order].map(({ column }) => column.name));
}

/** Prints the rows, as the client asks for them. */
export function catAnswer({ params, accept }: Call, { shown, order }: CatRequest, rows: readonly CatRow[]): EndpointAnswer {
  const sorted = order.length === 0 ? rows : rows.toSorted((a, b) => compare(a, b, order));
  const format = params.get("format");
  if (format !== undefined && format !== "json" && format !== "text") return declined("unsupported", `format [${format}]`);
  const asJson = format === undefined ? /json/.test(accept) : format === "json";
  if (asJson) return json(sorted.map((row): JsonValue => jsonObject(shown.map(({ column, title }) => [title, row[column.name] ?? null]))));
  return text(sorted, shown, isOn(params, "v"));
}

function text(rows: readonly CatRow[], shown: readonly Shown[], heading: boolean): Answered {
  const lines = [
    ...(heading ? [shown.map(({ title }) => title)] : []),
    ...rows.map((row) => shown.map(({ column }) => row[column.name] ?? "")),
  ];
  const widths = shown.map((_, i) => Math.max(0, ...lines.map((line) => line[i]?.length ?? 0)));
  const printed = lines.map((line) =>
    line
      .map((cell, i) => {
        if (shown[i]?.column.number === true) return cell.padStart(widths[i] ?? 0);
        return i === line.length - 1 ? cell : cell.padEnd(widths[i] ?? 0);
      })
      .join(" "),
  );
  return { kind: "answered", status: 200, type: "text", body: printed.map((line) => `${line}\n`).join("") };
}

function compare(a: CatRow, b: CatRow, order: readonly CatOrder[]): number {
  for (const { column, desc } of order) {
    const [x, y] = [a[column.name] ?? "", b[column.name] ?? ""];
    const by = column.number === true ? Number(x) - Number(y) : x < y ? -1 : x > y ? 1 : 0;
    if (by !== 0) return desc ? -by : by;
  }
  return 0;
}

function listed(value: string | undefined): readonly string[] {
  return (value ?? "").split(",").flatMap((each) => (each.trim() === "" ? [] : [each.trim()]));
}
