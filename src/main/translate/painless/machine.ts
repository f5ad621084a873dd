// Runs a script on symbols: what can go wrong on a document is gathered with the condition under which it does.
import type { Expr } from "../../clickhouse/sql/ast.ts";
import type { Context } from "../context.ts";
import { ScriptNotRead } from "./tree.ts";
import { both, isFalse, type Leaf, merge, negated, type Value } from "./value.ts";

/** What happens to a document on which `when` holds. */
export interface Fault {
  /** `throws`: Elasticsearch fails. `unknown`: its answer has no SQL. */
  readonly kind: "throws" | "unknown";
  readonly when: Expr;
  readonly reason: string;
  /** Elasticsearch's type of the error, where it is not `script_exception`. */
  readonly errorType?: string;
}

/** Where values of the documents come from. */
export interface Surroundings {
  readonly context: Context;
  /** The values of a field by the name that the script gives; throws UnsupportedClause. */
  readonly pointer: string;
  /** The score, where the script may ask for it. */
  readonly score?: Expr;
  /** `_value`: the value that an aggregation hands to its script. */
  readonly value?: Leaf;
  /** A last digit may differ: scores are rounded to floats. */
  readonly rounded?: boolean;
}

export class Machine {
  readonly around: Surroundings;
  readonly faults: Fault[] = [];
  #path: readonly Expr[] = [];
  #names = 0;

  constructor(around: Surroundings) {
    this.around = around;
  }

  /** Elasticsearch fails on the documents that come here with `when`. */
  throws(when: Expr, reason: string): void {
    this.#fault("throws", when, reason);
  }

  /** What Elasticsearch does with the documents that come here with `when` has no SQL. */
  unknown(when: Expr, reason: string): void {
    this.#fault("unknown", when, reason);
  }

  /** Runs `work` for the documents on which `test` holds. */
  under<T>(test: Expr, work: () => T): T {
    const before = this.#path;
    this.#path = [...before, test];
    try {
      return work();
    } finally {
      this.#path = before;
    }
  }

  /** Runs `work` with faults of its own: those of one item of a list. */
  apart<T>(work: () => T): { readonly result: T; readonly faults: readonly Fault[] } {
    const [path, from] = [this.#path, this.faults.length];
    this.#path = [];
    try {
      const result = work();
      return { result, faults: this.faults.splice(from) };
    } finally {
      this.#path = path;
    }
  }

  /** A name for the argument of an SQL lambda; no column has such a name. */
  fresh(): string {
    this.#names += 1;
    return `#x${this.#names}`;
  }

  /** `each` for every type that the value may have. */
  lift(value: Value, each: (leaf: Exclude<Value, { kind: "choice" }>) => Value): Value {
    if (value.kind !== "choice") return each(value);
    const yes = this.under(value.test, () => this.lift(value.yes, each));
    const no = this.under(negated(value.test), () => this.lift(value.no, each));
    return merge(value.test, yes, no);
  }

  /** `each` for values that have SQL. */
  liftLeaf(value: Value, each: (leaf: Leaf) => Value): Value {
    return this.lift(value, (one) => {
      if (one.kind !== "leaf") throw new ScriptNotRead(`a ${one.kind} is no value here`);
      return each(one);
    });
  }

  /** A function whose last digit differs between the engines. */
  inexact(name: string): void {
    if (this.around.rounded !== true) throw new ScriptNotRead(`[${name}] may differ in its last digit between Java and ClickHouse`);
  }

  #fault(kind: Fault["kind"], when: Expr, reason: string): void {
    const all = both(...this.#path, when);
    if (!isFalse(all)) this.faults.push({ kind, when: all, reason });
  }
}
