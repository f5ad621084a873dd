// The values of `?`, `?1`, `?name` and `??name` in a query: the request's `params`, in any of the forms that Elasticsearch reads.
import { isArray, isNumber, isObject, type JsonValue, member } from "../../../shared/json.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { wholeLiteral } from "./expression_parser.ts";
import type { Lexer, Token } from "./lexer.ts";
import type { Literal } from "./tree.ts";

export class Parameters {
  readonly #values: readonly { readonly name: string | null; readonly value: JsonValue }[];
  #next = 0;

  /** `params`: an array of values, of `{name: value}`, or a mix. */
  constructor(params: JsonValue | undefined) {
    const list = isArray(params) ? params : [];
    this.#values = list.map((item) => {
      if (!isObject(item)) return { name: null, value: item };
      const [name, ...others] = Object.keys(item);
      if (name === undefined || others.length > 0) throw new RejectedRequest("parsing_exception", "a parameter is {name: value}");
      return { name, value: item[name] ?? null };
    });
  }

  /** The value of `?…`. */
  value(token: Token, lexer: Lexer): Literal {
    return literalOf(this.#find(token, lexer));
  }

  /** True where `?…` stands for a name: of a column, or of a function. */
  standsForName(token: Token): boolean {
    return token.text.startsWith("??") || identifierOf(this.#values[this.#at(token, this.#next)]?.value) !== null;
  }

  /** The name that `??…` stands for, or `?…` where a name must stand; null for no such parameter. */
  name(token: Token): string | null {
    if (!token.text.startsWith("?")) return null;
    const found = this.#values[this.#at(token, this.#next)]?.value;
    const name = identifierOf(found) ?? (typeof found === "string" ? found : null);
    if (name !== null && wantedOf(token) === "") this.#next += 1;
    return name;
  }

  #find(token: Token, lexer: Lexer): JsonValue {
    const wanted = wantedOf(token);
    const found = this.#values[this.#at(token, this.#next)];
    if (wanted === "") this.#next += 1;
    if (found === undefined) {
      const reason = wanted === "" ? `Not enough actual parameters ${this.#values.length}` : `Unknown query parameter [${wanted}]`;
      throw lexer.fault(token.at, reason);
    }
    return found.value;
  }

  #at(token: Token, next: number): number {
    const wanted = wantedOf(token);
    if (wanted === "") return next;
    return /^[0-9]+$/.test(wanted) ? Number(wanted) - 1 : this.#values.findIndex(({ name }) => name === wanted);
  }
}

const wantedOf = (token: Token): string => token.text.replace(/^\?+/, "");

function identifierOf(value: JsonValue | undefined): string | null {
  const name = isObject(value) ? member(value, "identifier") : undefined;
  return typeof name === "string" ? name : null;
}

function literalOf(value: JsonValue): Literal {
  if (value === null) return { type: "null" };
  if (typeof value === "boolean") return { type: "boolean", value };
  if (typeof value === "string") return { type: "keyword", value };
  if (isNumber(value)) {
    const text = String(value);
    return /^-?[0-9]+$/.test(text) ? wholeLiteral(BigInt(text)) : { type: "double", value: Number(text) };
  }
  if (isObject(value) && "value" in value) return literalOf(value.value ?? null);
  throw new UnsupportedClause("/params", "parameters of several values have no SQL yet");
}
