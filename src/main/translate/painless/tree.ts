// A script as a tree: what the parser makes and what the SQL compiler and the evaluator of pipelines read.

export type NumberType = "int" | "long" | "float" | "double";

export type Expression =
  | { readonly kind: "number"; readonly value: number | bigint; readonly type: NumberType }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "constant"; readonly value: boolean | null }
  | { readonly kind: "regex"; readonly pattern: string; readonly flags: string }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "member"; readonly of: Expression; readonly name: string; readonly safe: boolean }
  | { readonly kind: "index"; readonly of: Expression; readonly at: Expression }
  | {
      readonly kind: "call";
      readonly of: Expression | null;
      readonly name: string;
      readonly args: readonly Expression[];
      readonly safe: boolean;
    }
  | { readonly kind: "new"; readonly type: string; readonly args: readonly Expression[] }
  | { readonly kind: "list"; readonly items: readonly Expression[] }
  | { readonly kind: "map"; readonly entries: readonly (readonly [Expression, Expression])[] }
  | { readonly kind: "unary"; readonly op: "-" | "!" | "~"; readonly item: Expression }
  | { readonly kind: "binary"; readonly op: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: "choice"; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly kind: "cast"; readonly type: string; readonly item: Expression }
  | { readonly kind: "instanceof"; readonly item: Expression; readonly type: string }
  /** `op` is `=` or the operator of `+=`. */
  | { readonly kind: "assign"; readonly target: Expression; readonly op: string; readonly value: Expression }
  | { readonly kind: "lambda"; readonly names: readonly string[]; readonly body: Expression };

export type Statement =
  | { readonly kind: "declare"; readonly type: string; readonly name: string; readonly value: Expression | null }
  | { readonly kind: "expression"; readonly value: Expression }
  | { readonly kind: "return"; readonly value: Expression | null }
  | { readonly kind: "if"; readonly test: Expression; readonly yes: readonly Statement[]; readonly no: readonly Statement[] }
  | { readonly kind: "each"; readonly name: string; readonly over: Expression; readonly body: readonly Statement[] }
  | {
      readonly kind: "for";
      readonly before: readonly Statement[];
      readonly test: Expression | null;
      readonly after: Expression | null;
      readonly body: readonly Statement[];
    };

/** The script is outside the subset; the message names the construct. */
export class ScriptNotRead extends Error {
  override readonly name = "ScriptNotRead";
}
