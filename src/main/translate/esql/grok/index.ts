// GROK: columns out of the first place in a text that a pattern fits; of several texts, out of each that has one.
import { array, binary, call, column, type Expr, lambda, literal, param } from "../../../clickhouse/sql/ast.ts";
import { bind } from "../../../clickhouse/sql/bind.ts";
import { type Attribute, misbuilt, refused, withoutSql } from "../scope.ts";
import type { Command } from "../tree.ts";
import { ELEMENTS, type EsqlType, isText, manyValues, scalarValue, type Value } from "../value.ts";
import { type Capture, presenceOf, readPattern, UnknownPattern } from "./captures.ts";
import { LONG_LOCAL_PART } from "./library.ts";
import { END, NoEqual } from "./regex.ts";
import { written } from "./written.ts";

type Grok = Extract<Command, { kind: "grok" }>;

const TYPES: Readonly<Record<string, EsqlType>> = {
  string: "keyword",
  int: "integer",
  integer: "integer",
  long: "long",
  float: "double",
  double: "double",
  boolean: "boolean",
};

/** The columns that the command adds, by their names; null in all of them where nothing fits. */
export function grokked(input: Value, command: Grok, text: string): readonly Attribute[] {
  if (!isText(input.type))
    throw refused({ text }, command, `Grok only supports KEYWORD or TEXT values, found expression type [${input.type}]`);
  const plan = planOf(command, text);
  const byName = Map.groupBy(plan.captures, ({ name }) => name);
  return [...byName.keys()].sort().map((name) => {
    const own = byName.get(name) ?? [];
    const [first] = own;
    if (own.some((each) => each.of !== first?.of || each.type !== first.type))
      throw misbuilt({ text }, command, `Invalid GROK pattern: the attribute [${name}] is defined multiple times with different types`);
    const type = first === undefined ? "keyword" : typeOf(first, command);
    return { name, value: captured(input, own, type, plan) };
  });
}

interface Plan {
  readonly source: string;
  readonly guards: readonly string[];
  readonly captures: readonly Placed[];
}

/** A capture and the groups of the source that it is: one of them takes part at a time. */
interface Placed extends Capture {
  readonly groups: readonly number[];
  readonly always: boolean;
  /** Groups that are empty where an empty capture took part. */
  readonly around: readonly number[];
}

function planOf(command: Grok, text: string): Plan {
  const [only] = command.patterns;
  const pattern = command.patterns.length === 1 && only !== undefined ? only : command.patterns.map((each) => `(?:${each})`).join("|");
  try {
    const { tree, captures, used } = readPattern(pattern);
    const { source, groups } = written(tree);
    const groupsOf = (id: number): readonly number[] => groups.flatMap((each, i) => (each === id ? [i + 1] : []));
    const placed = captures.flatMap((capture, id): readonly Placed[] => {
      if (capture.name === "") return [];
      const presence = presenceOf(tree, id);
      if (presence === null) throw new NoEqual(`[${capture.name}], which may be empty as well as missing,`);
      const around = typeof presence === "number" ? groupsOf(presence) : [];
      return [{ ...capture, groups: groupsOf(id), always: presence === "always", around }];
    });
    return { source, captures: placed, guards: used.has("EMAILLOCALPART") ? [LONG_LOCAL_PART] : [] };
  } catch (error) {
    if (error instanceof UnknownPattern)
      throw misbuilt(
        { text },
        command,
        `Invalid pattern [${pattern}] for grok: Unable to find pattern [${error.message}] in Grok's pattern dictionary`,
      );
    if (error instanceof NoEqual) throw withoutSql(command, `${error.message} has no equal in ClickHouse: [${pattern}]`);
    throw error;
  }
}

function typeOf({ type }: Capture, command: Grok): EsqlType {
  const found = TYPES[type];
  if (found === undefined || type === "float" || type === "boolean")
    throw withoutSql(command, `the type [${type}] of a capture has no SQL yet`);
  return found;
}

function captured(input: Value, own: readonly Placed[], type: EsqlType, plan: Plan): Value {
  const [only] = own;
  if (input.many || own.length > 1 || only === undefined) {
    const each = call("arrayMap", lambda(["text"], taken(column("text"), own, type, plan)), input.many ? input.sql : values(input));
    return manyValues(type, call("arrayFlatten", each));
  }
  const found = taken(call("ifNull", input.sql, literal("")), own, type, plan);
  const value = call("if", call("isNotNull", input.sql), call("arrayElementOrNull", found, literal(1)), literal(null));
  return scalarValue(type, value);
}

function values(input: Value): Expr {
  return call("if", call("isNull", input.sql), call("emptyArrayString"), array(call("ifNull", input.sql, literal(""))));
}

/** What the captures took of a text, as an array. */
function taken(text: Expr, own: readonly Placed[], type: EsqlType, { source, guards }: Plan): Expr {
  const framed = call("concat", param("String", END), text, param("String", END));
  const groups = call("extractGroups", framed, param("String", source));
  const items = own.map(({ groups: numbers, always, around }) => {
    const part = textOf(numbers);
    if (always) return call("array", part);
    const took = binary(part, "!=", literal(""));
    const present = around.length === 0 ? took : call("or", took, call("empty", textOf(around)));
    return call("if", present, call("array", part), call("emptyArrayString"));
  });
  const [only] = items;
  const all = items.length === 1 && only !== undefined ? only : call("arrayConcat", ...items);
  const fits = call("if", call("empty", column("groups")), call("emptyArrayString"), all);
  const found = bind(["groups"], [groups], () => fits);
  const strings = guards.reduce<Expr>((inner, guard) => guarded(text, guard, inner), found);
  return type === "keyword" ? strings : call("arrayMap", lambda(["part"], numberOf(column("part"), type)), strings);
}

function textOf(numbers: readonly number[]): Expr {
  const parts = numbers.map((number) => call("arrayElement", column("groups"), literal(number)));
  const [first] = parts;
  return first !== undefined && parts.length === 1 ? first : call("concat", ...parts);
}

// Elasticsearch ends the query for what is no number; so does this.
function numberOf(part: Expr, type: EsqlType): Expr {
  const number = call("accurateCastOrNull", part, literal(ELEMENTS[type]));
  const wrong = call("throwIf", call("isNull", number), literal("a capture of GROK is not of its type"));
  return call("CAST", call("if", wrong, literal(null), number), literal(`${ELEMENTS[type]}`));
}

function guarded(text: Expr, source: string, found: Expr): Expr {
  const wrong = call("throwIf", call("match", text, param("String", source)), literal("a part of an address is too long to tell"));
  return call("if", wrong, call("emptyArrayString"), found);
}
