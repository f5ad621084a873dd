// Reads the body of an aggregation: each parameter is asked for by name, and what nobody asked for is not ignored.
import { childPointer, isNumber, isObject, type JsonObject, type JsonValue, member } from "../../../shared/json.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import type { AggregationNode } from "./types.ts";

export class Parameters {
  readonly node: AggregationNode;
  readonly #asked = new Set<string>();

  constructor(node: AggregationNode) {
    this.node = node;
  }

  pointer(name: string): string {
    return childPointer(this.node.pointer, name);
  }

  /** The value as it stands; null counts as absent. */
  value(name: string): JsonValue | undefined {
    this.#asked.add(name);
    const value = member(this.node.body, name);
    return value === null ? undefined : value;
  }

  /** Reads parameters that change how Elasticsearch computes, not what. */
  ignore(...names: readonly string[]): void {
    for (const name of names) this.#asked.add(name);
  }

  text(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (isObject(value) || Array.isArray(value)) throw this.malformed(name, "a string");
    return String(value);
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new RejectedRequest("illegal_argument_exception", `Required [${name}]`);
    return value;
  }

  number(name: string): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    const number = isNumber(value) ? Number(value) : typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
    if (Number.isNaN(number)) throw this.malformed(name, "a number");
    return number;
  }

  integer(name: string, fallback: number): number {
    return Math.trunc(this.number(name) ?? fallback);
  }

  boolean(name: string, fallback: boolean): boolean {
    const value = this.value(name);
    if (value === undefined) return fallback;
    if (value === true || value === "true") return true;
    if (value === false || value === "false") return false;
    throw this.malformed(name, "a boolean");
  }

  object(name: string): JsonObject | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (!isObject(value)) throw this.malformed(name, "an object");
    return value;
  }

  /** A field's name; "" where a script stands instead. */
  field(): string {
    const field = this.text("field");
    if (field === undefined && member(this.node.body, "script") !== undefined) return "";
    if (field === undefined) {
      throw new RejectedRequest("illegal_argument_exception", `Required one of fields [field, script], but none were specified. `);
    }
    return field;
  }

  /** Throws on a parameter that was not asked for. Call it last. */
  done(): void {
    for (const name of Object.keys(this.node.body)) {
      if (!this.#asked.has(name)) {
        throw new UnsupportedClause(this.pointer(name), `the [${name}] parameter of [${this.node.type}] is not translated`);
      }
    }
  }

  malformed(name: string, wanted: string): RejectedRequest {
    return new RejectedRequest("x_content_parse_exception", `[${this.node.type}] ${name} must be ${wanted}`);
  }
}
