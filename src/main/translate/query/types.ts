// A clause of the Query DSL, compiled.
import type { JsonValue } from "../../../shared/json.ts";
import type { Expr } from "../../clickhouse/sql/ast.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import type { Context } from "../context.ts";
import type { InnerHits } from "../hits/inner_hits.ts";

/** What the highlighter needs to know of a clause: which words, or spans of words, of which field it looks for. */
export type Highlight = Sought & {
  /** Stands in an alternative with further conditions: a hit may have the word and not match the alternative. */
  readonly conditional?: true;
};

type Sought =
  | { readonly kind: "term"; readonly field: Field; readonly term: string }
  | {
      readonly kind: "phrase";
      readonly field: Field;
      readonly terms: readonly string[];
      readonly slop: number;
      /** Positions of the terms from the first one's; absent: one after another. */
      readonly offsets?: readonly number[];
      /** The last term is the beginning of a word. */
      readonly lastIsPrefix?: boolean;
    }
  | { readonly kind: "prefix"; readonly field: Field; readonly prefix: string }
  | {
      readonly kind: "range";
      readonly field: Field;
      readonly bounds: readonly { readonly op: ">" | ">=" | "<" | "<="; readonly limit: string }[];
    }
  | {
      readonly kind: "fuzzy";
      readonly field: Field;
      readonly term: string;
      readonly edits: number;
      readonly prefixLength: number;
      readonly swaps: boolean;
    }
  /** Words where they stand to one another: the highlighter has no marks for them yet. */
  | { readonly kind: "places"; readonly field: Field }
  /** JavaScript regular expression source, anchored, over one token or keyword. */
  | { readonly kind: "pattern"; readonly field: Field; readonly pattern: string };

export interface Compiled {
  /** True for the documents that match; never NULL. */
  readonly where: Expr;
  /** The score every match has, when it is the same for all (1 for match_all, 0 in filters); null when it differs. */
  readonly score: number | null;
  /** SQL of a match's score (Float64) where it differs; absent where it can't be told exactly. */
  readonly scoring?: Expr;
  readonly highlights: readonly Highlight[];
  /** Elasticsearch rewrites the clause to match_none before it looks at any document. */
  readonly none?: true;
  /** What is shown of nested objects; of a whole query alone. */
  readonly innerHits?: readonly InnerHits[];
}

/** One clause: its body and JSON pointer in, SQL out. Throws UnsupportedClause or RejectedRequest. */
export type CompileClause = (body: JsonValue, pointer: string, context: Context) => Compiled;
