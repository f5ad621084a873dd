// `<1-20>`: the decimal numbers of an interval. Of a fixed number of digits, or with any zeros before them.
import { type Regexp, setOf } from "./types.ts";

/** `digits` 0: as many zeros before the number as there may be. */
export function decimals(from: number, to: number, digits: number): Regexp {
  if (digits > 0) return sameLength(padded(from, digits), padded(to, digits));
  const items: Regexp[] = [];
  for (let length = String(from).length; length <= String(to).length; length += 1) {
    const least = Math.max(from, length === 1 ? 0 : 10 ** (length - 1));
    const most = Math.min(to, 10 ** length - 1);
    if (least <= most) items.push(sameLength(String(least), String(most)));
  }
  const zeros: Regexp = { kind: "repeat", item: digit(0, 0), least: 0, most: null };
  return { kind: "sequence", items: [zeros, { kind: "choice", items }] };
}

function padded(number: number, digits: number): string {
  return String(number).padStart(digits, "0");
}

// Numbers of one length between two: those that begin as the lower one, those in the middle, those that begin as the upper one.
function sameLength(from: string, to: string): Regexp {
  if (from === "") return { kind: "sequence", items: [] };
  const [first, last] = [Number(from[0]), Number(to[0])];
  const rest = from.length - 1;
  const [nines, zeros] = ["9".repeat(rest), "0".repeat(rest)];
  if (first === last) return { kind: "sequence", items: [digit(first, first), sameLength(from.slice(1), to.slice(1))] };
  const [low, high] = [from.slice(1) === zeros ? first : first + 1, to.slice(1) === nines ? last : last - 1];
  const items: Regexp[] = [];
  if (low > first) items.push({ kind: "sequence", items: [digit(first, first), sameLength(from.slice(1), nines)] });
  if (low <= high && rest === 0) items.push(digit(low, high));
  else if (low <= high)
    items.push({ kind: "sequence", items: [digit(low, high), { kind: "repeat", item: digit(0, 9), least: rest, most: rest }] });
  if (high < last) items.push({ kind: "sequence", items: [digit(last, last), sameLength(zeros, to.slice(1))] });
  return { kind: "choice", items };
}

function digit(from: number, to: number): Regexp {
  return setOf([[48 + from, 48 + to]]);
}
