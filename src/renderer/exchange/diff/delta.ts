// The last column of the difference: what changed from Elasticsearch to ClickHouse, in the fewest signs.
import { groupDigits } from "../../ui/format.ts";

const INTEGER = /^-?[0-9]{1,40}$/;
const NUMBER = /^-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$/;

/** `−3` for 7 and 4; "" where the values are not both numbers. Whole numbers of any length are exact. */
export function delta(elasticsearch: string, clickhouse: string): string {
  if (INTEGER.test(elasticsearch) && INTEGER.test(clickhouse)) return signed(String(BigInt(clickhouse) - BigInt(elasticsearch)));
  if (!NUMBER.test(elasticsearch) || !NUMBER.test(clickhouse)) return "";
  const difference = Number(clickhouse) - Number(elasticsearch);
  return signed(Math.abs(difference) >= 0.001 ? String(Number(difference.toPrecision(6))) : difference.toExponential(1));
}

function signed(text: string): string {
  return text.startsWith("-") ? groupDigits(text).replace("-", "−") : `+${groupDigits(text)}`;
}
