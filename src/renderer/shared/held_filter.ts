// The filter of a shared file: words, and those terms of the filter language that what is held can answer, joined as the engine joins them.
import { clientContext } from "../../shared/client_context.ts";
import type { ExchangeDetail } from "../../shared/exchange.ts";
import { type FilterToken, tokens } from "../traffic/filter_language.ts";

export type HeldFilter = (exchange: ExchangeDetail) => boolean;

const EVERYTHING: HeldFilter = () => true;

const TERMS: Readonly<Record<string, (exchange: ExchangeDetail, value: string) => boolean>> = {
  "~verdict": ({ verdict }, value) => verdict === value.toLowerCase().replaceAll("-", "_"),
  "~kind": ({ kind }, value) => kind === value,
  "~shape": ({ shape, searches }, value) => shape === value || searches.some((part) => part.shape === value),
  "~index": ({ index, searches }, value) => [index, ...searches.map((part) => part.index)].some((name) => isIndex(name, value)),
  "~application": ({ client }, value) => clientContext(client).application === value,
  "~dashboard": ({ client }, value) => clientContext(client).dashboard === value,
  "~panel": ({ client }, value) => clientContext(client).panel === value,
};

/** Terms that are known here. */
export const HELD_TERMS: readonly string[] = Object.keys(TERMS);

/** null where the filter asks for what is not known here, or is not whole. */
export function heldFilter(text: string): HeldFilter | null {
  const reading = { all: tokens(text), at: 0 };
  if (reading.all.length === 0) return EVERYTHING;
  const filter = either(reading);
  return reading.at === reading.all.length ? filter : null;
}

interface Reading {
  readonly all: readonly FilterToken[];
  at: number;
}

function next({ all, at }: Reading): string {
  return all[at]?.text ?? "";
}

function either(reading: Reading): HeldFilter | null {
  let left = all(reading);
  while (next(reading) === "|") {
    reading.at += 1;
    const [first, second] = [left, all(reading)];
    left = first === null || second === null ? null : (exchange) => first(exchange) || second(exchange);
  }
  return left;
}

function all(reading: Reading): HeldFilter | null {
  let left = one(reading);
  while (!["", "|", ")"].includes(next(reading))) {
    if (next(reading) === "&") reading.at += 1;
    const [first, second] = [left, one(reading)];
    left = first === null || second === null ? null : (exchange) => first(exchange) && second(exchange);
  }
  return left;
}

function one(reading: Reading): HeldFilter | null {
  const token = reading.all[reading.at];
  reading.at += 1;
  if (token === undefined) return null;
  if (token.text === "!") {
    const inner = one(reading);
    return inner === null ? null : (exchange) => !inner(exchange);
  }
  if (token.text === "(") {
    const inner = either(reading);
    const closed = next(reading) === ")";
    reading.at += 1;
    return closed ? inner : null;
  }
  if (token.kind === "operator") return null;
  if (token.kind === "word") return holds(unquoted(token.text).toLowerCase());
  const test = Object.hasOwn(TERMS, token.text) ? TERMS[token.text] : undefined;
  const value = reading.all[reading.at];
  if (test === undefined || value?.kind !== "word") return null;
  reading.at += 1;
  const wanted = unquoted(value.text);
  return (exchange) => test(exchange, wanted);
}

function holds(word: string): HeldFilter {
  return ({ method, path, index, client, verdict, note, shape }) =>
    `${method} ${path} ${index} ${client} ${verdict ?? ""} ${note} ${shape}`.toLowerCase().includes(word);
}

function isIndex(name: string, glob: string): boolean {
  const pattern = new RegExp(`^${glob.replaceAll(/[\\^$.|?+()[\]{}]/g, "\\$&").replaceAll("*", ".*")}$`);
  return pattern.test(name) || name.split(",").some((part) => pattern.test(part));
}

function unquoted(text: string): string {
  return /^(["']).*\1$/s.test(text) ? text.slice(1, -1).replaceAll(/\\(.)/g, "$1") : text;
}
