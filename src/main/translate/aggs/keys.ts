// Bucket keys of a field: how a doc value becomes a key cell, and the cell the members `key` and `key_as_string`.
import { type JsonValue, RawNumber } from "../../../shared/json.ts";
import { call, type Expr } from "../../clickhouse/sql/ast.ts";
import { doubleJson, integerJson } from "../../elasticsearch/fields/number_text.ts";
import { fromSortable, integer } from "./cells.ts";
import type { Member } from "./types.ts";
import { distinct, mapped, sortable, type Values } from "./values.ts";

export interface KeyForm {
  readonly keys: Expr;
  members(cell: JsonValue): readonly Member[];
  /** The key as a number, NaN for text. */
  position(cell: JsonValue): number;
  /** True where Elasticsearch counts by the numbers of a dictionary: keyword and ip. */
  readonly ordinals?: true;
}

/** Distinct values of a field as keys, printed as `terms` prints them. */
export function termKeys(values: Values, format: string | undefined, zone: string | undefined): KeyForm {
  const printed = (value: bigint | number | string): Member => ["key_as_string", values.type.format(values.field, value, format, zone)];
  switch (values.family) {
    case "floating":
      return {
        keys: distinct(mapped(values.expr, (x) => sortable(values.element === "Float64" ? x : call("toFloat64", x)))),
        members: (cell) => {
          const value = fromSortable(cell);
          return [["key", doubleJson(value)], ...(format === undefined ? [] : [printed(value)])];
        },
        position: fromSortable,
      };
    case "integer":
    case "date":
    case "boolean":
      return {
        keys: distinct(values.expr),
        members: (cell) => {
          const value = integer(cell);
          const named = values.family !== "integer" || format !== undefined;
          return [
            ["key", integerJson(value)],
            ...(named ? [stringMember(printed(values.element === "UInt8" ? Number(value) : value))] : []),
          ];
        },
        position: (cell) => Number(integer(cell)),
      };
    default:
      return {
        keys: distinct(values.expr),
        members: (cell) => [["key", values.type.format(values.field, textOf(cell))]],
        position: () => Number.NaN,
        ordinals: true,
      };
  }
}

function stringMember([name, value]: Member): Member {
  return [name, typeof value === "string" ? value : String(value)];
}

function textOf(cell: JsonValue): string {
  return cell instanceof RawNumber ? cell.text : String(cell);
}
