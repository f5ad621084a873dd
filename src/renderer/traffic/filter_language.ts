// What the filter bar knows of the filter language: its terms for completion, its tokens for colour, and the first
// mistake with its place. The engine has the last word: what it refuses is shown in the same place.

export interface Term {
  readonly name: string;
  /** What follows it: "" when nothing does. */
  readonly takes: string;
  readonly meaning: string;
  readonly values?: readonly { readonly value: string; readonly meaning: string }[];
}

const VERDICT_VALUES = [
  { value: "different", meaning: "answers differ at named paths" },
  { value: "unsupported", meaning: "a clause has no exact SQL" },
  { value: "failed", meaning: "one side gave an error" },
  { value: "equivalent", meaning: "differs by named rules only" },
  { value: "equal", meaning: "the same, value for value" },
  { value: "not_compared", meaning: "with its reason" },
];

const KIND_VALUES = [
  { value: "search", meaning: "_search, _msearch, _count, _async_search" },
  { value: "write", meaning: "_bulk, _doc, _create, _update" },
  { value: "schema", meaning: "mappings, settings, templates" },
  { value: "get", meaning: "documents by id" },
  { value: "admin", meaning: "cluster and node requests" },
  { value: "other", meaning: "everything else" },
];

export const TERMS: readonly Term[] = [
  { name: "~verdict", takes: "VERDICT", meaning: "verdict of the comparison", values: VERDICT_VALUES },
  { name: "~index", takes: "GLOB", meaning: "index expression, or one of its names" },
  { name: "~kind", takes: "KIND", meaning: "what the request asks for", values: KIND_VALUES },
  { name: "~slower", takes: "2x", meaning: "ClickHouse slower by this factor, or 200ms" },
  { name: "~faster", takes: "2x", meaning: "ClickHouse faster by this factor" },
  { name: "~agg", takes: "TYPE", meaning: "uses this aggregation" },
  { name: "~shape", takes: "HASH", meaning: "query shape, without its literals" },
  { name: "~untranslated", takes: "", meaning: "a clause has no exact SQL" },
  { name: "~marked", takes: "", meaning: "pinned, or with a marker" },
  { name: "~marker", takes: "REGEX", meaning: "marker" },
  { name: "~comment", takes: "REGEX", meaning: "comment" },
  { name: "~replay", takes: "", meaning: "sent again by Parallax" },
  { name: "~truncated", takes: "", meaning: "a body was longer than the capture limit" },
  { name: "~client", takes: "REGEX", meaning: "who asked: X-Opaque-Id or user agent" },
  { name: "~application", takes: "NAME", meaning: "searches of that application of Kibana" },
  { name: "~dashboard", takes: "ID", meaning: "searches of that dashboard" },
  { name: "~panel", takes: "TYPE:NAME:ID", meaning: "searches of that panel" },
  { name: "~note", takes: "REGEX", meaning: "the line that says why" },
  { name: "~u", takes: "REGEX", meaning: "URL" },
  { name: "~m", takes: "REGEX", meaning: "method" },
  { name: "~c", takes: "CODE", meaning: "HTTP status: 404, or 4xx" },
  { name: "~h", takes: "REGEX", meaning: "header of request or response" },
  { name: "~b", takes: "REGEX", meaning: "body of request or response" },
  { name: "~t", takes: "REGEX", meaning: "content type" },
  { name: "~d", takes: "REGEX", meaning: "host" },
  { name: "~q", takes: "", meaning: "no response yet" },
  { name: "~e", takes: "", meaning: "broke before it was complete" },
];

/** Terms that the language has beside those worth completing. */
const OTHER_TERMS = new Set(
  "~all ~http ~s ~a ~tq ~ts ~bq ~bs ~hq ~hs ~src ~dst ~meta ~replayq ~replays ~websocket ~tcp ~udp ~dns".split(" "),
);

export interface FilterToken {
  readonly kind: "term" | "word" | "operator";
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export interface FilterMistake {
  readonly from: number;
  readonly to: number;
  readonly message: string;
}

const TOKEN = /\s+|[!&|()]|~[a-z_]*|"(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|[^\s()~'"]+/iy;

/** The tokens of a filter, in order, without blanks. */
export function tokens(text: string): readonly FilterToken[] {
  const found: FilterToken[] = [];
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null && match[0] !== ""; match = TOKEN.exec(text)) {
    const token = match[0];
    if (token.trim() === "") continue;
    const kind = /^[!&|()]$/.test(token) ? "operator" : token.startsWith("~") ? "term" : "word";
    found.push({ kind, from: match.index, to: match.index + token.length, text: token });
  }
  return found;
}

/** Whether `token` is a term that takes a value. */
export function takesValue(token: FilterToken | undefined): boolean {
  return token?.kind === "term" && TERMS.some((term) => term.name === token.text && term.takes !== "");
}

/** The first mistake, null when there is none. */
export function findMistake(text: string): FilterMistake | null {
  const all = tokens(text);
  const open: FilterToken[] = [];
  for (const [i, token] of all.entries()) {
    const mistake = mistakeAt(all, i, open);
    if (mistake !== null) return mistake;
    if (token.text === "(") open.push(token);
    if (token.text === ")") open.pop();
  }
  const unclosed = open.at(-1);
  return unclosed === undefined ? null : at(unclosed, "This bracket is not closed: add )");
}

function at(token: FilterToken, message: string): FilterMistake {
  return { from: token.from, to: token.to, message };
}

function mistakeAt(all: readonly FilterToken[], i: number, open: readonly FilterToken[]): FilterMistake | null {
  const token = all[i];
  const next = all[i + 1];
  if (token === undefined) return null;
  if (token.text === ")" && open.length === 0) return at(token, "Nothing is open here: take ) away, or put ( before it");
  if (/^[&|]$/.test(token.text)) {
    const before = all[i - 1];
    const dangling = before === undefined || /^[!&|(]$/.test(before.text) || next === undefined || /^[&|)]$/.test(next.text);
    return dangling ? at(token, `${token.text} joins two terms: one is missing`) : null;
  }
  if (token.text === "!" && (next === undefined || /^[&|)]$/.test(next.text))) return at(token, "! needs a term after it");
  return token.kind === "term" ? termMistake(token, next) : null;
}

function termMistake(token: FilterToken, next: FilterToken | undefined): FilterMistake | null {
  const term = TERMS.find((known) => known.name === token.text);
  if (term === undefined) {
    if (OTHER_TERMS.has(token.text)) return null;
    return at(token, `There is no term ${token.text}. Known: ${TERMS.map((known) => known.name).join(" ")}`);
  }
  if (term.takes === "") return null;
  if (next === undefined || next.kind !== "word") return at(token, `${term.name} needs ${term.takes} after it`);
  const fits =
    term.values === undefined || term.values.some((known) => known.value === unquote(next.text).toLowerCase().replaceAll("-", "_"));
  return fits ? null : at(next, `${term.name} takes ${term.values?.map((known) => known.value).join(", ")}`);
}

function unquote(text: string): string {
  return text.replace(/^(["'])(.*)\1$/, "$2");
}

/** Both filters at once; either may be empty. */
export function both(first: string, second: string): string {
  if (first.trim() === "") return second;
  if (second.trim() === "") return first;
  return `(${first}) & (${second})`;
}
