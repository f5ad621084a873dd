// `terms` with `min_doc_count: 0`: also the terms of documents that don't match. Every shard lists all terms that it holds; with
// the largest first, or by key, what comes of their lists is what one list of all terms gives.
import { type JsonValue, printJson } from "../../../shared/json.ts";
import { call, literal } from "../../clickhouse/sql/ast.ts";
import type { Context } from "../context.ts";
import { UnsupportedClause } from "../failure.ts";
import { selectDocuments } from "../source.ts";
import { count } from "./cells.ts";
import type { KeyForm } from "./keys.ts";
import { isCountDescending, isKeyOrder } from "./order.ts";
import type { Parameters } from "./parameters.ts";
import type { TermLimits } from "./term_buckets.ts";
import type { Buckets, Draft, Member, ParentRows, Surroundings } from "./types.ts";

const TERMS = "#terms";

/** Throws UnsupportedClause where the terms without documents can't be told. */
export function checkZeroTerms(limits: TermLimits, parameters: Parameters, context: Context, { nested }: Surroundings): void {
  const refuse = (reason: string): UnsupportedClause => new UnsupportedClause(parameters.pointer("min_doc_count"), reason);
  if (nested) throw refuse("terms without documents inside another bucket are not translated");
  if (context.tables.some((table) => table.final)) throw refuse("deleted documents leave their terms behind until they are merged away");
  const [first, ...others] = limits.orders;
  const known = first !== undefined && others.length === 0 && (isKeyOrder(limits.orders) || isCountDescending(limits.orders));
  if (!known) throw refuse("terms without documents are translated in the order of count, the largest first, or of key only");
  if (limits.showError) throw refuse("terms without documents are not translated with the error of each");
  for (const name of ["script", "missing"]) {
    if (parameters.value(name) !== undefined) throw refuse(`terms without documents are not translated with [${name}]`);
  }
  if (parameters.field() === "_index") throw refuse("indices without documents are not translated");
}

/** The same buckets, and those of terms without documents. */
export function withZeroTerms(buckets: Buckets, form: KeyForm, { size, orders }: TermLimits, context: Context): Buckets {
  const byKey = isKeyOrder(orders);
  const sorted = call(byKey && orders[0]?.desc === true ? "arrayReverseSort" : "arraySort", call("groupUniqArrayArray", form.keys));
  // With the largest first, those that have documents stand before the others, wherever they are among all.
  const most = byKey ? size : 2 * size;
  const drafts = (parent: ParentRows): readonly Draft[] => {
    const found = buckets.drafts(parent);
    const cells = parent.aside?.[TERMS];
    const terms = Array.isArray(cells) ? cells : [];
    const byCell = new Map(found.map((draft) => [printJson(draft.cell), draft]));
    if (byKey) return terms.slice(0, size).map((cell) => byCell.get(printJson(cell)) ?? without(cell, form));
    const others = terms.filter((cell) => !byCell.has(printJson(cell))).map((cell) => without(cell, form));
    return [...found, ...others].slice(0, size);
  };
  return {
    ...buckets,
    aside: selectDocuments(context, { columns: [{ expr: call("arraySlice", sorted, literal(1), literal(most)), alias: TERMS }] }),
    drafts,
    head(parent, shown) {
      const kept = drafts(parent).reduce((sum, draft) => sum + draft.docCount, 0);
      const read = parent.rows.reduce((sum, row) => sum + count(row, parent.cells.count), 0);
      const members = buckets.head?.(parent, shown) ?? [];
      return members.map(([name, value]): Member => [name, name === "sum_other_doc_count" ? Number(value) + read - kept : value]);
    },
  };
}

function without(cell: JsonValue, form: KeyForm): Draft {
  const key = form.members(cell);
  const name = key.find(([member]) => member === "key_as_string")?.[1] ?? key[0]?.[1];
  return { row: null, cell, docCount: 0, members: [...key, ["doc_count", 0]], name: String(name), position: form.position(cell) };
}
