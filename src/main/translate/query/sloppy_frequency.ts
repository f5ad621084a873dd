// How often words stand near each other, as Lucene's SloppyPhraseMatcher counts: it holds one place of each word, moves the first of
// them on for as long as it stays the first, counts the narrowest span on the way, and ends when a word has no place left.
import { array, binary, call, column, type Expr, lambda, literal, param, tuple } from "../../clickhouse/sql/ast.ts";
import { bind } from "../../clickhouse/sql/bind.ts";

// The state of the walk: [the places held, how far each word is, the word that moves, the last place, the narrowest span so far,
// the count, whether it is over].
const STATE = column("state");
const HELD = part(1);
const AT = part(2);
const MOVING = part(3);
const LAST = part(4);
const SPAN = part(5);
const COUNT = part(6);
const OVER = part(7);

function part(number: number): Expr {
  return call("tupleElement", STATE, literal(number));
}

/** The sum over the matches of 1 / (1 + what they are apart); `places`: the words' places, set back by their place in the phrase. */
export function sloppyFrequency(places: readonly Expr[], slop: number): Expr {
  const lists = array(...places);
  const all = column("lists");
  const held = call("arrayMap", lambda(["list"], call("arrayElement", column("list"), literal(1))), all);
  const first = binary(call("arrayMax", held), "-", call("arrayMin", held));
  const start = tuple(
    held,
    call("arrayMap", lambda(["list"], call("toUInt32", literal(1))), all),
    call("toUInt32", firstOf(held)),
    call("arrayMax", held),
    call("toInt64", first),
    call("toFloat64", literal(0)),
    call("toUInt8", literal(0)),
  );
  const steps = call("range", call("length", call("arrayFlatten", all)));
  const walked = call("arrayFold", lambda(["state", "step"], step(all, slop)), steps, start);
  return bind(["lists"], [lists], () => call("toFloat32", call("tupleElement", walked, literal(6))));
}

// The word whose place is the first; among equals, the first in the phrase.
function firstOf(held: Expr): Expr {
  return call("indexOf", held, call("arrayMin", held));
}

function step(lists: Expr, slop: number): Expr {
  const list = call("arrayElement", lists, MOVING);
  const nextAt = binary(call("arrayElement", AT, MOVING), "+", literal(1));
  const ended = binary(nextAt, ">", call("length", list));
  const place = call("arrayElement", list, nextAt);
  const others = call("arrayFilter", lambda(["held", "word"], binary(column("word"), "!=", MOVING)), HELD, call("arrayEnumerate", HELD));
  const passes = binary(place, ">", call("arrayMin", others));
  const replaced = (values: Expr, value: Expr): Expr =>
    call(
      "arrayMap",
      lambda(["held", "word"], call("if", binary(column("word"), "=", MOVING), value, column("held"))),
      values,
      call("arrayEnumerate", values),
    );
  const counted = binary(
    COUNT,
    "+",
    call("if", binary(SPAN, "<=", param("Int64", slop)), binary(literal(1), "/", binary(literal(1), "+", SPAN)), literal(0)),
  );
  const held = replaced(HELD, place);
  const at = replaced(AT, call("toUInt32", nextAt));
  const last = call("greatest", LAST, place);
  const over = tuple(HELD, AT, MOVING, LAST, SPAN, counted, call("toUInt8", literal(1)));
  const span = call("toInt64", binary(last, "-", call("arrayMin", held)));
  const handed = tuple(held, at, call("toUInt32", firstOf(held)), last, span, counted, OVER);
  const narrower = call("least", SPAN, call("toInt64", binary(last, "-", place)));
  const moved = tuple(held, at, MOVING, last, narrower, COUNT, OVER);
  return call("multiIf", binary(OVER, "=", literal(1)), STATE, ended, over, passes, handed, moved);
}
