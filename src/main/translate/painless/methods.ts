// Methods and properties of what a script holds: lists of doc values, dates, points, boxed numbers, days and months.
import { binary, call, column, type Expr, lambda, literal, or, param, TRUE } from "../../clickhouse/sql/ast.ts";
import { distance } from "../geo/distance.ts";
import { compareMoments, datePart, epochSecond, millisOf, moved, movedMonths, patternText, truncated, unitMillis } from "./calendar.ts";
import { itemOf } from "./document.ts";
import type { Machine } from "./machine.ts";
import { castNumber, equal, isNumeric } from "./operators.ts";
import { stringMethod } from "./string_methods.ts";
import { enumName, str, textOf } from "./text.ts";
import { ScriptNotRead } from "./tree.ts";
import { chosen, constant, type Leaf, leaf, NULL, type Value } from "./value.ts";

/** `x.name(args)` and `x.name` on a value that has SQL. Throws ScriptNotRead for what is not translated. */
export function callMethod(self: Leaf, name: string, args: readonly Value[], machine: Machine): Value {
  if (self.type === "null") {
    machine.throws(TRUE, `null has no [${name}]`);
    return NULL;
  }
  const result = methodOf(self, name, args, machine);
  if (result === undefined) throw new ScriptNotRead(`[${name}] of ${self.type} is not translated`);
  return result;
}

function methodOf(self: Leaf, name: string, args: readonly Value[], machine: Machine): Value | undefined {
  if (self.type === "list") return listMethod(self, name, args, machine);
  if (self.type === "date") return dateMethod(self, name, args, machine);
  if (self.type === "weekday" || self.type === "month") return enumMethod(self, name, args, machine);
  const leaves = args.map(leafOf);
  if (name === "toString" && args.length === 0) return leaf("String", textOf(self, machine));
  if (self.type === "String") return stringMethod(self, name, leaves, machine);
  if (self.type === "point") return pointMethod(self, name);
  if (self.type === "instant") return instantMethod(self, name);
  if (isNumeric(self)) return numberMethod(self, name, leaves, machine);
  if (self.type === "boolean" && name === "booleanValue") return self;
  return name === "equals" && leaves[0] !== undefined && leaves[0].type === self.type ? equal(self, leaves[0]) : undefined;
}

/** `x.name`: the property itself, or its getter. */
export function property(self: Leaf, name: string, machine: Machine): Value {
  if (self.type === "list" && (name === "length" || name === "size")) return listMethod(self, "size", [], machine) ?? NULL;
  if (self.type === "list" && name === "values") throw new ScriptNotRead("[values] is no property of doc values");
  const getter = name.startsWith("get") ? name : `get${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;
  if (self.type === "list" && name === "empty") return callMethod(self, "isEmpty", [], machine);
  return callMethod(self, getter, [], machine);
}

function leafOf(value: Value): Leaf {
  if (value.kind !== "leaf") throw new ScriptNotRead(`a ${value.kind} is no argument here`);
  return value;
}

function listMethod(self: Leaf, name: string, args: readonly Value[], machine: Machine): Value | undefined {
  const size = call("toInt32", call("length", self.expr));
  switch (name) {
    case "size":
    case "getLength":
      return leaf("int", size);
    case "isEmpty":
      return leaf("boolean", call("empty", self.expr));
    case "getValue":
      return self.field === undefined ? undefined : firstOf(self, machine);
    case "get":
      return itemAt(self, leafOf(args[0] ?? NULL), machine);
    case "contains":
      return contains(self, leafOf(args[0] ?? NULL));
    case "join":
      return joined(self, leafOf(args[0] ?? NULL), machine);
    case "getLat":
    case "getLon":
      return self.element === "point" && self.field !== undefined ? pointMethod(firstOf(self, machine), name) : undefined;
    case "arcDistance":
      return self.element === "point" ? arcDistance(firstOf(self, machine), args, machine) : undefined;
    default:
      return undefined;
  }
}

function firstOf(list: Leaf, machine: Machine): Leaf {
  machine.throws(
    call("empty", list.expr),
    "A document doesn't have a value for a field! Use doc[<field>].size()==0 to check if a document is missing a field!",
  );
  return itemOf(list, literal(1));
}

/** `list[i]`. */
export function itemAt(list: Leaf, at: Leaf, machine: Machine): Leaf {
  if (at.type !== "int") throw new ScriptNotRead("a position in a list is an int");
  const wrong = or([binary(at.expr, "<", literal(0)), binary(at.expr, ">=", call("length", list.expr))]);
  machine.throws(wrong, "the position is out of the list's bounds");
  return itemOf(list, binary(chosen(wrong, literal(0), at.expr), "+", literal(1)));
}

function contains(list: Leaf, item: Leaf): Leaf {
  const exact = item.type === list.element && item.type !== "date" && item.type !== "double" && item.type !== "point";
  // List.contains compares boxed values: a Long is never an Integer.
  if (item.type === "int" && list.element === "long") return constant("boolean", false);
  if (!exact) throw new ScriptNotRead(`contains of ${item.type} in a list of ${list.element} is not translated`);
  return leaf("boolean", call("has", list.expr, item.expr));
}

function joined(list: Leaf, by: Leaf, machine: Machine): Leaf {
  if (by.type !== "String") throw new ScriptNotRead("join takes a text");
  const name = machine.fresh();
  const item: Leaf = { ...itemOf(list, literal(1)), expr: column(name) };
  const texts = item.type === "String" ? list.expr : call("arrayMap", lambda([name], textOf(item, machine)), list.expr);
  return leaf("String", call("arrayStringConcat", texts, by.expr));
}

function pointMethod(self: Leaf, name: string): Leaf | undefined {
  if (name === "getLat" || name === "lat") return leaf("double", call("tupleElement", self.expr, literal(1)));
  return name === "getLon" || name === "lon" ? leaf("double", call("tupleElement", self.expr, literal(2))) : undefined;
}

function arcDistance(self: Leaf, args: readonly Value[], machine: Machine): Leaf {
  const [lat, lon] = args.map((arg) => leafOf(arg).constant);
  if (typeof lat !== "number" || typeof lon !== "number") throw new ScriptNotRead("arcDistance takes two constant numbers");
  machine.inexact("arcDistance");
  return leaf("double", distance(self.expr, lat, lon));
}

function instantMethod(self: Leaf, name: string): Leaf | undefined {
  if (name === "toEpochMilli") return leaf("long", millisOf(self));
  return name === "getEpochSecond" ? leaf("long", epochSecond(self)) : undefined;
}

function enumMethod(self: Leaf, name: string, args: readonly Value[], machine: Machine): Leaf | undefined {
  if (name === "toString") return leaf("String", textOf(self, machine));
  if (name === "getValue") return leaf("int", self.expr);
  if (name === "ordinal") return leaf("int", call("toInt32", binary(self.expr, "-", literal(1))));
  if (name === "name") return leaf("String", enumName(self));
  if (name !== "getDisplayName") return undefined;
  const [style, locale] = args;
  if (style?.kind !== "class" || locale?.kind !== "class") return undefined;
  if (!["Locale.ROOT", "Locale.ENGLISH", "Locale.US"].includes(locale.name)) return undefined;
  const titled = (text: string): string => text.slice(0, 1) + text.slice(1).toLowerCase();
  // The root locale has no long names.
  const long = style.name === "TextStyle.FULL" && locale.name !== "Locale.ROOT";
  if (!long && style.name !== "TextStyle.FULL" && style.name !== "TextStyle.SHORT") return undefined;
  if (locale.name === "Locale.ROOT" && self.type === "month") return undefined;
  return leaf(
    "String",
    enumName(self, (text) => (long ? titled(text) : titled(text).slice(0, 3))),
  );
}

function numberMethod(self: Leaf, name: string, args: readonly Leaf[], machine: Machine): Leaf | undefined {
  switch (name) {
    case "intValue":
      return leaf("int", castNumber(self, "int", machine));
    case "longValue":
      return leaf("long", castNumber(self, "long", machine));
    case "doubleValue":
      return leaf("double", castNumber(self, "double", machine));
    case "floatValue":
      return leaf("float", castNumber(self, "float", machine));
    case "equals": {
      const [other] = args;
      if (other === undefined || self.type === "double" || self.type === "float") return undefined;
      return other.type === self.type ? equal(self, other) : constant("boolean", false);
    }
    case "isNaN":
      return self.type === "double" ? leaf("boolean", call("isNaN", self.expr)) : undefined;
    default:
      return undefined;
  }
}

const STEPS: Readonly<Record<string, string>> = {
  Seconds: "SECONDS",
  Minutes: "MINUTES",
  Hours: "HOURS",
  Days: "DAYS",
  Weeks: "WEEKS",
};

function dateMethod(self: Leaf, name: string, args: readonly Value[], machine: Machine): Value | undefined {
  const getter = /^get([A-Z]\w*)$/.exec(name)?.[1];
  if (getter !== undefined && args.length === 0) {
    if (getter === "Millis") return leaf("long", millisOf(self));
    const part = datePart(self, getter.slice(0, 1).toLowerCase() + getter.slice(1), machine);
    if (part !== undefined) return part;
  }
  const step = /^(plus|minus)(\w+)$/.exec(name);
  if (step !== null) return stepped(self, step[1] === "minus", step[2] ?? "", args, machine);
  const compared = /^is(Before|After|Equal)$/.exec(name);
  if (compared !== null) {
    const other = leafOf(args[0] ?? NULL);
    if (other.type !== "date") return undefined;
    return leaf("boolean", compareMoments(self, compared[1] === "Before" ? "<" : compared[1] === "After" ? ">" : "=", other));
  }
  return conversion(self, name, args, machine);
}

function conversion(self: Leaf, name: string, args: readonly Value[], machine: Machine): Value | undefined {
  const [first] = args;
  switch (name) {
    case "toInstant":
      return { ...self, type: "instant" };
    case "toEpochSecond":
      return leaf("long", epochSecond(self));
    case "toString":
      return leaf("String", textOf(self, machine));
    case "withZoneSameInstant":
      return first?.kind === "zone" ? { ...self, zone: first.zone } : undefined;
    case "format": {
      const text = first?.kind === "format" ? patternText(self, first.pattern, machine) : undefined;
      return text === undefined ? undefined : leaf("String", text);
    }
    case "truncatedTo": {
      const millis = first?.kind === "class" ? unitMillis(first.name.replace(/^ChronoUnit\./, "")) : undefined;
      return millis === undefined || (self.zone ?? "UTC") !== "UTC" ? undefined : truncated(self, millis);
    }
    default:
      return undefined;
  }
}

function stepped(self: Leaf, back: boolean, unit: string, args: readonly Value[], machine: Machine): Leaf | undefined {
  const amount = leafOf(args[0] ?? NULL);
  if (!isNumeric(amount)) return undefined;
  const by = back ? call("negate", call("toInt64", amount.expr)) : call("toInt64", amount.expr);
  if (unit === "Months" || unit === "Years") {
    return movedMonths(self, unit === "Years" ? binary(by, "*", literal(12)) : by, machine);
  }
  const millis = Object.hasOwn(STEPS, unit) ? unitMillis(STEPS[unit] ?? "") : undefined;
  if (millis === undefined) return undefined;
  // A day of another zone may have 23 hours.
  if (millis >= 86_400_000 && (self.zone ?? "UTC") !== "UTC") return undefined;
  return moved(self, by, millis);
}

/** `text =~ /x/` and `==~`: found somewhere, or matching the whole. */
export function matches(text: Leaf, pattern: string, whole: boolean): Leaf {
  return leaf("boolean", call("match", text.expr, str(whole ? `^(?:${pattern})$` : pattern)));
}

/** The group of a match, counted from 0. */
export function groupOf(text: Leaf, pattern: string, group: number): Expr {
  if (group === 0) return call("extract", text.expr, str(`(${pattern})`));
  return call("arrayElement", call("extractGroups", text.expr, str(pattern)), param("UInt32", group));
}
