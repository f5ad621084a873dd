// A statement and its parameters as the body of a request, whatever their length. Parameters are in ClickHouse's text form.
import type { SqlParameter } from "../../shared/exchange.ts";
import { formBody, type PostBody } from "./post.ts";
import { quoteString } from "./sql/quote.ts";

export interface Statement {
  readonly sql: string;
  readonly params: readonly SqlParameter[];
}

/** ClickHouse refuses a form field over 128 KiB (http_max_field_value_size), the statement itself included. */
export const LONGEST_FIELD = 100_000;

/** Statement and parameters as a form; a statement too long for that is the body, with its parameters in the URL. */
export function bodyOf(statement: Statement, url: URL): PostBody {
  const { sql, params } = withoutLongParameters(statement);
  const text = `${sql}\nFORMAT JSONCompact`;
  if (text.length > LONGEST_FIELD) {
    for (const { name, value } of params) url.searchParams.set(`param_${name}`, value);
    return { type: "text/plain;charset=UTF-8", bytes: Buffer.from(text) };
  }
  return formBody([...params.map(({ name, value }) => [`param_${name}`, value] as const), ["query", text]]);
}

// A longer array goes into the statement as a cast of its text: its elements are quoted there, so the text is the same. Text
// by itself is never that long: no request's term is.
function withoutLongParameters({ sql, params }: Statement): Statement {
  const long = params.filter(({ value, type }) => value.length > LONGEST_FIELD && type.startsWith("Array("));
  const inlined = long.reduce(
    (text, { name, type, value }) => text.replaceAll(`{${name}:${type}}`, () => `CAST(${quoteString(value)} AS ${type})`),
    sql,
  );
  return { sql: inlined, params: long.length === 0 ? params : params.filter((param) => !long.includes(param)) };
}
