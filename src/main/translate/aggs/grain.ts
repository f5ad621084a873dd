// Where metrics put their columns, and the aggregate functions that they are made of.
import { and, call, type Expr, marked, over, parametric } from "../../clickhouse/sql/ast.ts";
import type { LevelStatement } from "./level_statement.ts";

/** Where metrics put their columns: a statement, under the conditions of the single-bucket aggregations in between. */
export class Grain {
  readonly #statement: LevelStatement;
  readonly #condition: Expr | undefined;
  readonly #pointer: string | undefined;

  constructor(statement: LevelStatement, condition?: Expr, pointer?: string) {
    this.#statement = statement;
    this.#condition = condition;
    this.#pointer = pointer;
  }

  /** The same place for one aggregation: its columns are marked with its pointer. */
  of(pointer: string): Grain {
    return new Grain(this.#statement, this.#condition, pointer);
  }

  /** The same statement, for the documents that also fulfil `condition` (over documents). */
  under(condition: Expr): Grain {
    const own = this.document(condition);
    return new Grain(this.#statement, this.#condition === undefined ? own : and([this.#condition, own]));
  }

  /** An expression over one document, by the name it has where groups are formed. */
  document(expr: Expr): Expr {
    return this.#statement.document(this.#marked(expr));
  }

  /** An aggregate function over the documents of a bucket; arguments are made of document(). */
  aggregate(name: string, args: readonly Expr[], params: readonly number[] = []): Expr {
    const all = this.#condition === undefined ? args : [...args, this.#condition];
    const full = this.#condition === undefined ? name : `${name}If`;
    return params.length > 0 ? parametric(full, params, ...all) : call(full, ...all);
  }

  /** How many distinct elements the lists of a bucket's documents have. */
  distinct(lists: Expr): Expr {
    const alone = this.#condition === undefined ? this.#statement.distinctCount(lists) : undefined;
    return alone ?? this.aggregate("uniqExactArray", [this.document(lists)]);
  }

  /** The states of a bucket and of all before it among its siblings, merged: `name` merges what `state` makes. */
  running(name: string, state: Expr): Expr {
    const { key, parentKeys } = this.#statement;
    return over(call(name, state), parentKeys, [{ expr: key }]);
  }

  /** Adds a column to the statement; the name of its cell. */
  cell(expr: Expr): string {
    return this.#statement.cell(this.#marked(expr));
  }

  #marked(expr: Expr): Expr {
    return this.#pointer === undefined ? expr : marked(this.#pointer, expr);
  }
}
