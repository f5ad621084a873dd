// Words in order: positions are compared, never text. `slop` allows words to stand apart, or (at a cost of 2) turned.
import { and, binary, call, column, type Expr, lambda, literal, param } from "../../clickhouse/sql/ast.ts";
import type { Token } from "../../elasticsearch/analysis/index.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import { UnsupportedClause } from "../failure.ts";
import { fieldColumn } from "../field_column.ts";
import { valuesColumn } from "./field_values.ts";
import { sloppyFrequency } from "./sloppy_frequency.ts";

/** True for documents whose words follow one another as the tokens do. */
export function phraseCondition(field: Field, words: readonly Token[], slop: number, pointer: string): Expr {
  const [first, second] = words;
  if (first !== undefined && second === undefined) return call("has", valuesColumn(field), param("String", first.term));
  const matches: Matches = (word, term) => binary(word, "=", param("String", term));
  if (slop <= 0) return consecutive(field, words, matches);
  if (new Set(words.map(({ term }) => term)).size < words.length) throw new UnsupportedClause(`${pointer}/slop`, REPEATED);
  return sloppy(field, words, matches, slop, words.length);
}

/** As a phrase, the last word fulfilling a condition of its own: it begins as the last token does. */
export function phrasePrefixCondition(
  field: Field,
  words: readonly Token[],
  last: (word: Expr) => Expr,
  slop: number,
  pointer: string,
): Expr {
  const matches: Matches = (word, term, i) => (i === words.length - 1 ? last(word) : binary(word, "=", param("String", term)));
  if (slop <= 0) return consecutive(field, words, matches);
  const terms = words.map(({ term }) => term);
  const beginning = terms.at(-1) ?? "";
  if (new Set(terms).size < terms.length || terms.slice(0, -1).some((term) => term.startsWith(beginning))) {
    throw new UnsupportedClause(`${pointer}/slop`, REPEATED);
  }
  return sloppy(field, words, matches, slop, words.length - 1);
}

const REPEATED = "slop with a word that is asked for twice has no SQL: Elasticsearch's search does not find all of them";

type Matches = (word: Expr, term: string, i: number) => Expr;

const positions = (field: Field): Expr => fieldColumn(field, "#pos");

// Words of a document are stored in order, one a position: words that follow each other stand side by side in the array.
function consecutive(field: Field, words: readonly Token[], matches: Matches): Expr {
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
function spread(field: Field, words: readonly Token[], matches: Matches): Expr {
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

// The words of the phrase, each set back by its place in it, stand within `slop` of each other. Lucene's own search for repeated
// words misses some of those, and takes others: no SQL.
// `exact`: how many words, from the first, are asked for as they are.
function sloppy(field: Field, words: readonly Token[], matches: Matches, slop: number, exact: number): Expr {
  const places = placesOf(field, words, matches);
  const near = (list: Expr): Expr =>
    call(
      "arrayExists",
      lambda(
        ["other"],
        and([
          binary(column("other"), ">=", column("from")),
          binary(column("other"), "<=", binary(column("from"), "+", param("Int64", slop))),
        ]),
      ),
      list,
    );
  const there = words.slice(0, exact).map(({ term }) => call("has", valuesColumn(field), param("String", term)));
  return and([...there, call("arrayExists", lambda(["from"], and(places.map(near))), call("arrayConcat", ...places))]);
}

/** How often the words of a sloppy phrase stand near each other, each time weighed by its nearness. */
export function phraseSloppiness(field: Field, words: readonly Token[], slop: number): Expr {
  return sloppyFrequency(
    placesOf(field, words, (word, term) => binary(word, "=", param("String", term))),
    slop,
  );
}

/** The same where the last word fulfils a condition of its own. */
export function phrasePrefixSloppiness(field: Field, words: readonly Token[], last: (word: Expr) => Expr, slop: number): Expr {
  const matches: Matches = (word, term, i) => (i === words.length - 1 ? last(word) : binary(word, "=", param("String", term)));
  return sloppyFrequency(placesOf(field, words, matches), slop);
}

// Where each of the words stands, set back by its place in the phrase.
function placesOf(field: Field, words: readonly Token[], matches: Matches): readonly Expr[] {
  const start = words[0]?.position ?? 0;
  return words.map((word, i) => setBack(field, word.position - start, (each) => matches(each, word.term, i)));
}

function setBack(field: Field, distance: number, matches: (word: Expr) => Expr): Expr {
  const found = call("arrayFilter", lambda(["place", "word"], matches(column("word"))), positions(field), valuesColumn(field));
  return call("arrayMap", lambda(["place"], binary(call("toInt64", column("place")), "-", literal(distance))), found);
}
