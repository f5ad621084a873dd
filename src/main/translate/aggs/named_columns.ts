// Columns of a statement that are named when first asked for: the same expression is one column, whoever asks.
import type { Column, Expr } from "../../clickhouse/sql/ast.ts";

/** One that has its name. */
export type NamedColumn = Column & { readonly alias: string };

export class NamedColumns {
  readonly #prefix: string;
  readonly #columns: NamedColumn[] = [];

  /** `prefix` of the names: `#d` gives `#d0`, `#d1`, … */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** In the order in which they were asked for. */
  get all(): readonly NamedColumn[] {
    return this.#columns;
  }

  /** The name of an expression's column, which is added where it is new. */
  nameOf(expr: Expr): string {
    const text = textOf(expr);
    const known = this.#columns.find((each) => textOf(each.expr) === text)?.alias;
    if (known !== undefined) return known;
    const alias = `${this.#prefix}${this.#columns.length}`;
    this.#columns.push({ expr, alias });
    return alias;
  }
}

const texts = new WeakMap<Expr, string>();

// Which aggregation an expression was written for does not make it another one.
function textOf(expr: Expr): string {
  const known = texts.get(expr);
  if (known !== undefined) return known;
  const text = JSON.stringify(expr, (_, value: unknown) => {
    const bare = isMarked(value) ? value.item : value;
    return typeof bare === "bigint" ? `${bare}n` : Object.is(bare, -0) ? "-0" : bare;
  });
  texts.set(expr, text);
  return text;
}

function isMarked(value: unknown): value is Extract<Expr, { kind: "marked" }> {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "marked";
}
