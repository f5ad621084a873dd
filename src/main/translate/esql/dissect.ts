// DISSECT: a text cut at fixed separators. `%{key}` takes the shortest text up to the separator behind it, `%{}` and `%{?key}` skip
// it, `%{key->}` skips repeated separators, `%{+key}` joins.
import { call, column, type Expr, lambda, literal, param } from "../../clickhouse/sql/ast.ts";
import { type Attribute, refused, withoutSql } from "./scope.ts";
import type { Command } from "./tree.ts";
import { isText, manyValues, scalarValue, type Value } from "./value.ts";

interface Part {
  readonly name: string;
  readonly joined: boolean;
  readonly order: number;
}

const KEY = /%\{([^}]*)\}/g;

/** The columns that the command adds; null in all of them where the text does not fit. */
export function dissected(input: Value, command: Extract<Command, { kind: "dissect" }>, text: string): readonly Attribute[] {
  if (!isText(input.type))
    throw refused({ text }, command, `Dissect only supports KEYWORD or TEXT values, found expression type [${input.type}]`);
  const { parts, source } = patternOf(command, text);
  const names = [...new Set(parts.flatMap((part) => (part === null ? [] : [part.name])))];
  if (names.length === 0) throw new Error("no keys");
  const matched = (of: Expr): Expr => call("match", of, param("String", source));
  const part = (of: Expr, name: string): Expr => taken(name, parts, call("extractGroups", of, param("String", source)), command.separator);
  return names.map((name) => {
    if (input.many) {
      // Of each text that fits.
      const fitting = call("arrayFilter", lambda(["text"], matched(column("text"))), input.sql);
      return { name, value: manyValues("keyword", call("arrayMap", lambda(["text"], part(column("text"), name)), fitting)) };
    }
    const found = part(call("ifNull", input.sql, literal("")), name);
    const fits = call("and", call("isNotNull", input.sql), matched(input.sql));
    return { name, value: scalarValue("keyword", call("if", fits, found, literal(null))) };
  });
}

function taken(name: string, parts: readonly (Part | null)[], groups: Expr, separator: string): Expr {
  const places = parts
    .flatMap((part, i) => (part?.name === name ? [{ part, at: i + 1 }] : []))
    .toSorted((a, b) => a.part.order - b.part.order || a.at - b.at);
  const pieces = places.map(({ at }) => call("arrayElement", groups, literal(at)));
  const [only, ...others] = pieces;
  if (only !== undefined && others.length === 0) return only;
  const items = call("array", ...pieces);
  return separator === ""
    ? call("arrayStringConcat", items)
    : call("arrayStringConcat", call("arrayMap", lambda(["x"], column("x")), items), param("String", separator));
}

function patternOf(command: Extract<Command, { kind: "dissect" }>, text: string) {
  const keys = [...command.pattern.matchAll(KEY)];
  const [first] = keys;
  if (first === undefined) throw refused({ text }, command, `Invalid pattern for dissect: [${command.pattern}]`);
  const parts: (Part | null)[] = [];
  let before = "";
  let source = `^${escaped(command.pattern.slice(0, first.index))}`;
  keys.forEach((key, i) => {
    const inner = key[1] ?? "";
    const padded = inner.endsWith("->");
    parts.push(partOf(padded ? inner.slice(0, -2) : inner, command));
    const next = keys[i + 1];
    const separator = command.pattern.slice(key.index + key[0].length, next?.index ?? command.pattern.length);
    const last = next === undefined && separator === "";
    const end = separator === "" ? "" : padded ? `(?:${escaped(separator)})+` : escaped(separator);
    // A last key that begins with the separator before it is empty, and what follows is dropped.
    const rest = before === "" ? "(.*)$" : `(?:${before}.*|(.*))$`;
    source += last ? rest : `(.*?)${end}`;
    before = padded ? "" : end;
  });
  return { parts, source: `(?s)${source}` };
}

function partOf(key: string, command: Extract<Command, { kind: "dissect" }>): Part | null {
  if (key === "" || key.startsWith("?")) return null;
  if (/^[*&]/.test(key)) throw withoutSql(command, "reference keys of DISSECT have no SQL");
  const match = /^(\+?)(.*?)(?:\/([0-9]+))?$/.exec(key);
  return { name: match?.[2] ?? key, joined: match?.[1] === "+", order: Number(match?.[3] ?? 0) };
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
