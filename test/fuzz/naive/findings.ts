// What the naive comparison found: places where the answers differ, and places where a part is missing in silence.
import { isArray, isNumber, isObject, type JsonValue, member, printJson } from "../../../src/shared/json.ts";
import { sameNumber } from "./number.ts";

export class Findings {
  readonly differences: string[] = [];
  /** Aggregations, hits and sections of hits that Elasticsearch gave and ClickHouse's answer lacks. */
  readonly drops: string[] = [];

  differ(path: string, elasticsearch: JsonValue | undefined, clickhouse: JsonValue | undefined): void {
    this.differences.push(`${path}: ${text(elasticsearch)} <> ${text(clickhouse)}`);
  }

  drop(path: string): void {
    this.drops.push(path);
    this.differences.push(`${path}: dropped`);
  }

  /** Everything the same, to the digit. */
  exact(path: string, a: JsonValue | undefined, b: JsonValue | undefined): void {
    if (isObject(a) && isObject(b)) {
      for (const name of namesOf(a, b)) this.exact(`${path}/${name}`, member(a, name), member(b, name));
    } else if (isArray(a) && isArray(b)) {
      if (a.length !== b.length) this.differ(`${path}#length`, a.length, b.length);
      a.forEach((item, i) => {
        if (i < b.length) this.exact(`${path}/${i}`, item, b[i]);
      });
    } else if (!(isNumber(a) && isNumber(b) ? sameNumber(a, b) : a === b)) this.differ(path, a, b);
  }
}

export function namesOf(a: JsonValue | undefined, b: JsonValue | undefined): readonly string[] {
  return [...new Set([...(isObject(a) ? Object.keys(a) : []), ...(isObject(b) ? Object.keys(b) : [])])];
}

function text(value: JsonValue | undefined): string {
  return value === undefined ? "(none)" : printJson(value).slice(0, 160);
}
