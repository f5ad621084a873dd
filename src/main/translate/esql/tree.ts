// An ES|QL query as a tree. Every node has its place in the query's text: columns without a name of their own are called by
// their text, and the inspector shows which SQL came of which part.
export interface Place {
  /** Offset of the first character, from 0. */
  readonly at: number;
  /** Offset after the last one. */
  readonly end: number;
}

export type Literal =
  | { readonly type: "null" }
  | { readonly type: "boolean"; readonly value: boolean }
  | { readonly type: "integer" | "long" | "unsigned_long"; readonly value: bigint }
  | { readonly type: "double"; readonly value: number }
  | { readonly type: "keyword"; readonly value: string };

export type BinaryName = "+" | "-" | "*" | "/" | "%" | "==" | "!=" | "<" | "<=" | ">" | ">=" | "and" | "or";

export type Expression = Place &
  (
    | { readonly kind: "literal"; readonly value: Literal }
    | { readonly kind: "list"; readonly items: readonly Literal[] }
    | { readonly kind: "span"; readonly count: number; readonly unit: string }
    | { readonly kind: "name"; readonly name: string }
    | {
        readonly kind: "call";
        readonly name: string;
        readonly args: readonly Expression[];
        readonly star: boolean;
        /** What stands in braces; null without. */
        readonly options: ReadonlyMap<string, Literal> | null;
      }
    | { readonly kind: "cast"; readonly item: Expression; readonly type: string }
    | { readonly kind: "binary"; readonly op: BinaryName; readonly left: Expression; readonly right: Expression }
    | { readonly kind: "not"; readonly item: Expression }
    | { readonly kind: "negative"; readonly item: Expression }
    | { readonly kind: "is_null"; readonly item: Expression; readonly negated: boolean }
    | { readonly kind: "in"; readonly item: Expression; readonly list: readonly Expression[]; readonly negated: boolean }
    | {
        readonly kind: "like" | "rlike";
        readonly item: Expression;
        readonly patterns: readonly string[];
        readonly negated: boolean;
      }
    | { readonly kind: "match"; readonly item: Expression; readonly query: Expression }
  );

/** `name = expression`, or an expression that its own text names; aggregates may have a condition. */
export interface NamedExpression extends Place {
  readonly name: string;
  readonly named: boolean;
  readonly value: Expression;
  readonly where: Expression | null;
}

export interface SortKey extends Place {
  readonly value: Expression;
  readonly descending: boolean;
  readonly nulls: "first" | "last" | null;
}

/** A name in KEEP and DROP: `*` stands for any letters, outside of backticks. */
export interface NamePattern extends Place {
  readonly text: string;
  readonly wild: boolean;
  /** JavaScript regular expression source, anchored. */
  readonly source: string;
}

export interface Renaming extends Place {
  readonly from: string;
  readonly to: string;
}

export type Command = Place &
  (
    | { readonly kind: "from"; readonly indices: readonly string[]; readonly metadata: readonly (Place & { readonly name: string })[] }
    | { readonly kind: "row" | "eval"; readonly fields: readonly NamedExpression[] }
    | { readonly kind: "where"; readonly condition: Expression }
    | { readonly kind: "stats"; readonly aggregates: readonly NamedExpression[]; readonly by: readonly NamedExpression[] }
    | { readonly kind: "sort"; readonly keys: readonly SortKey[] }
    | { readonly kind: "keep" | "drop"; readonly names: readonly NamePattern[] }
    | { readonly kind: "rename"; readonly names: readonly Renaming[] }
    | { readonly kind: "limit"; readonly count: number }
    | { readonly kind: "mv_expand"; readonly name: string }
    | { readonly kind: "dissect"; readonly input: Expression; readonly pattern: string; readonly separator: string }
    | { readonly kind: "grok"; readonly input: Expression; readonly patterns: readonly string[] }
    | { readonly kind: "show_info" }
    | { readonly kind: "unsupported"; readonly name: string }
  );

export interface Tree {
  readonly text: string;
  readonly commands: readonly Command[];
}

/** The expression with `change` of each expression that it is made of. */
export function withParts(node: Expression, change: (part: Expression) => Expression): Expression {
  switch (node.kind) {
    case "call":
      return { ...node, args: node.args.map(change) };
    case "cast":
    case "not":
    case "negative":
    case "is_null":
    case "like":
    case "rlike":
      return { ...node, item: change(node.item) };
    case "binary":
      return { ...node, left: change(node.left), right: change(node.right) };
    case "in":
      return { ...node, item: change(node.item), list: node.list.map(change) };
    case "match":
      return { ...node, item: change(node.item), query: change(node.query) };
    case "literal":
    case "list":
    case "span":
    case "name":
      return node;
  }
}

/** The expressions that an expression is made of. */
export function partsOf(node: Expression): readonly Expression[] {
  const parts: Expression[] = [];
  withParts(node, (part) => {
    parts.push(part);
    return part;
  });
  return parts;
}
