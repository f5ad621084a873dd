// Whether two comparisons fail in the same way: what a smaller request must still show. Pure.
import type { Comparison, Difference } from "../../shared/exchange.ts";
import { member, parseObject } from "../../shared/json.ts";

/** Verdicts that can be made small. */
export const SHRINKABLE: ReadonlySet<Comparison["verdict"]> = new Set(["different", "unsupported", "failed"]);

/** True when `found` has the verdict of `wanted` and what `wanted` shows first: the kind and place of a difference, a reason. */
export function sameKind(wanted: Comparison, found: Comparison): boolean {
  if (found.verdict !== wanted.verdict) return false;
  const [first] = kindsOf(wanted);
  return first === undefined || kindsOf(found).includes(first);
}

function kindsOf(comparison: Comparison): readonly string[] {
  switch (comparison.verdict) {
    case "different":
      return comparison.differences.map(kindOf);
    case "unsupported":
      return comparison.unsupported.map(({ pointer, reason }) => `${lastName(pointer)} ${reason}`);
    default:
      return [comparison.reason.slice(0, 60)];
  }
}

// Which bucket or hit it is changes with the request; the section and the last name do not.
function kindOf({ path, kind, elasticsearch, clickhouse }: Difference): string {
  const section = path.split("/")[1] ?? "";
  const errors = section === "error" ? ` ${errorType(elasticsearch)} ${errorType(clickhouse)}` : "";
  return `${kind} ${section} ${lastName(path)}${errors}`;
}

function lastName(path: string): string {
  const names = path.replaceAll(/\[(?:[^\]\\]|\\.)*\]/g, "").split("/");
  return names.findLast((name) => name !== "" && !/^[#\d]+$/.test(name)) ?? "";
}

function errorType(text: string | null): string {
  const error = text === null ? null : parseObject(text);
  const type = error === null ? undefined : member(error, "type");
  return typeof type === "string" ? type : "";
}
