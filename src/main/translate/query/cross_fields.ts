// multi_match of type cross_fields: fields with one analyzer are searched as if they were one, each word in any of them. A word scores
// as if it were about as frequent in each field as where it is most frequent.
import { type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import { array, binary, call, column, type Expr, lambda, literal, param } from "../../clickhouse/sql/ast.ts";
import { searchAnalyzerNameOf } from "../../elasticsearch/analysis/index.ts";
import { fieldType } from "../../elasticsearch/fields/index.ts";
import type { Field } from "../../elasticsearch/mapping.ts";
import type { Context } from "../context.ts";
import { UnsupportedClause } from "../failure.ts";
import { isComputed } from "../field_column.ts";
import { scalarText } from "../parameters.ts";
import { constant, documentFrequency, frequencyOf, isScored, score, statistic, statisticsOf } from "./bm25.ts";
import { boosted, NOTHING, relevant, unscored } from "./compiled.ts";
import { best } from "./dis_max.ts";
import type { WeightedField } from "./field_list.ts";
import { valuesColumn } from "./field_values.ts";
import { numberedDocuments } from "./likeness/counts.ts";
import { allOrSome, analyzerOption, matchField } from "./match.ts";
import type { Compiled } from "./types.ts";
import { wordsOf } from "./words.ts";

export function crossFields(
  value: JsonValue,
  fields: readonly WeightedField[],
  options: JsonObject,
  tie: number,
  pointer: string,
  context: Context,
): Compiled {
  if (member(options, "slop") !== undefined) throw new UnsupportedClause(`${pointer}/slop`, "cross_fields has no slop");
  const groups = new Map<string, WeightedField[]>();
  for (const item of fields) {
    const analyzer = fieldType(item.field)?.family === "text" ? searchAnalyzerNameOf(item.field) : "";
    groups.set(analyzer, [...(groups.get(analyzer) ?? []), item]);
  }
  return best(
    [...groups].map(([analyzer, group]) => {
      const each = group.map(({ field, boost }) => boosted(matchField(field, value, options, pointer, context), boost));
      const [only, ...others] = each;
      if (only === undefined) return NOTHING;
      if (others.length === 0) return only;
      return analyzer === "" ? unscored(best(each, 0)) : crossWords(value, group, options, tie, pointer, context);
    }),
    tie,
  );
}

function crossWords(
  value: JsonValue,
  group: readonly WeightedField[],
  options: JsonObject,
  tie: number,
  pointer: string,
  context: Context,
): Compiled {
  const [first] = group;
  if (first === undefined) return NOTHING;
  const words = wordsOf(first.field, scalarText(value), analyzerOption(options), pointer);
  const clauses = words.map(({ term }) => {
    const having = blendedFrequencies(group, param("String", term), context, pointer);
    return best(
      group.map((item, i) => wordIn(item, term, having?.[i], context, pointer)),
      tie,
    );
  });
  return allOrSome(clauses, options);
}

function wordIn({ field, boost }: WeightedField, term: string, having: Expr | undefined, context: Context, pointer: string): Compiled {
  const word = param("String", term);
  const where = call("has", valuesColumn(field), word);
  const highlights = [{ kind: "term", field, term }] as const;
  if (having === undefined) return relevant(where, highlights);
  const statistics = { ...statisticsOf(field, [], context, pointer), having: [having] };
  return relevant(where, highlights, score(field, statistics, frequencyOf(field, word, context, pointer), constant(boost), pointer));
}

/** In how many documents the word is taken to be, for each field: as many as where it is in most, one more for each step down to
 * where it is in fewer. Undefined where the scores can't be told. */
function blendedFrequencies(group: readonly WeightedField[], term: Expr, context: Context, pointer: string): readonly Expr[] | undefined {
  const isTold = (field: Field): boolean => field.key === undefined && !isComputed(field) && isScored(field, context, pointer);
  if (context.scope !== undefined || !group.every(({ field }) => isTold(field))) return undefined;
  const known = group.map(({ field }) => statisticsOf(field, [term], context, pointer));
  const number = (expr: Expr): Expr => call("assumeNotNull", call("toFloat64", expr));
  const own = group.map(({ field }) => number(documentFrequency(field, term, context)));
  const lengths = array(...known.map(({ length }) => number(length)));
  const present = call("arrayFilter", lambda(["length", "having"], binary(column("having"), ">", literal(0))), lengths, array(...own));
  const most = call("least", number(statistic(numberedDocuments(context), undefined, context)), call("arrayMin", present));
  const start = call("least", most, call("arrayMax", array(...own)));
  return known.map(({ documents }, i) => {
    const more = lambda(["having"], binary(column("having"), ">", own[i] ?? literal(0)));
    const steps = call("arrayUniq", call("arrayFilter", more, array(...own)));
    return call("least", binary(start, "+", steps), number(documents), most);
  });
}
