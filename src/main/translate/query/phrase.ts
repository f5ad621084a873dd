// Words in order: positions are compared, never text. `slop` allows two words to stand apart, or (at a cost of 2) turned.
import { and, binary, call, column, type Expr, lambda, literal, param } from "../../clickhouse/sql/ast.ts";
import type { Token } from "../../elasticsearch/analysis/index.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import { UnsupportedClause } from "../failure.ts";
import { fieldColumn } from "../field_column.ts";
import { valuesColumn } from "./field_values.ts";

/** True for documents whose words follow one another as the tokens do. */
export function phraseCondition(field: Field, words: readonly Token[], slop: number, pointer: string): Expr {
  const [first, second] = words;
  if (first !== undefined && second === undefined) return call("has", valuesColumn(field), param("String", first.term));
  if (slop > 0) return sloppy(field, words, slop, pointer);
  return consecutive(field, words, (word, term) => binary(word, "=", param("String", term)));
}

/** As a phrase, the last word fulfilling a condition of its own. */
export function phrasePrefixCondition(field: Field, words: readonly Token[], last: (word: Expr) => Expr): Expr {
  return consecutive(field, words, (word, term, i) => (i === words.length - 1 ? last(word) : binary(word, "=", param("String", term))));
}

const positions = (field: Field): Expr => fieldColumn(field, "#pos");

// Words of a document are stored in order, one a position: words that follow each other stand side by side in the array.
function consecutive(field: Field, words: readonly Token[], matches: (word: Expr, term: string, i: number) => Expr): Expr {
  const tokens = valuesColumn(field);
  const start = words[0]?.position ?? 0;
  if (words.some((word, i) => word.position !== start + i)) return spread(field, words, matches);
  const at = (array: Expr, offset: number) =>
    call("arrayElement", array, offset === 0 ? column("i") : binary(column("i"), "+", literal(offset)));
  const last = words.length - 1;
  const conditions = words.map((word, i) => matches(at(tokens, i), word.term, i));
  const together = binary(at(positions(field), last), "=", binary(at(positions(field), 0), "+", literal(last)));
  return call("arrayExists", lambda(["i"], and([...conditions, together])), call("arrayEnumerate", tokens));
}

// Stop words leave holes: each word is looked for at its own distance from the first.
function spread(field: Field, words: readonly Token[], matches: (word: Expr, term: string, i: number) => Expr): Expr {
  const tokens = valuesColumn(field);
  const [first, ...others] = words;
  const start = first?.position ?? 0;
  const conditions = others.map((word, i) =>
    call(
      "arrayExists",
      lambda(
        ["other", "place"],
        and([
          matches(column("other"), word.term, i + 1),
          binary(column("place"), "=", binary(column("start"), "+", literal(word.position - start))),
        ]),
      ),
      tokens,
      positions(field),
    ),
  );
  const head = matches(column("word"), first?.term ?? "", 0);
  return call("arrayExists", lambda(["word", "start"], and([head, ...conditions])), tokens, positions(field));
}

function sloppy(field: Field, words: readonly Token[], slop: number, pointer: string): Expr {
  const [first, second, third] = words;
  if (first === undefined || second === undefined || third !== undefined || first.term === second.term) {
    throw new UnsupportedClause(`${pointer}/slop`, "slop has SQL for two different words only");
  }
  const tokens = valuesColumn(field);
  const apart = binary(
    call("toInt64", column("place")),
    "-",
    binary(call("toInt64", column("start")), "+", literal(second.position - first.position)),
  );
  const near = lambda(
    ["other", "place"],
    and([binary(column("other"), "=", param("String", second.term)), binary(call("abs", apart), "<=", literal(slop))]),
  );
  const head = binary(column("word"), "=", param("String", first.term));
  return call(
    "arrayExists",
    lambda(["word", "start"], and([head, call("arrayExists", near, tokens, positions(field))])),
    tokens,
    positions(field),
  );
}
