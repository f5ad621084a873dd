// IP addresses as 128-bit numbers: text in, number out, and back to the text that Elasticsearch prints.

/** The 16 bytes, as one number; IPv4 is ::ffff:a.b.c.d. */
export type Address = bigint;

const MAPPED = 0xffffn << 32n;
const MAX = (1n << 128n) - 1n;

/** Reads IPv4, IPv6 and mixed text; null when it is none. A zone (`%eth0`) is not one. */
export function parseAddress(text: string): Address | null {
  if (!text.includes(":")) {
    const v4 = parseV4(text);
    return v4 === null ? null : MAPPED | v4;
  }
  return parseV6(text);
}

/** Text as Elasticsearch prints it: IPv4 dotted, IPv6 with its longest run of zero groups as `::`. */
export function printAddress(address: Address): string {
  if (address >> 32n === 0xffffn) return printV4(address & 0xffffffffn);
  const groups = Array.from({ length: 8 }, (_, i) => Number((address >> BigInt(112 - 16 * i)) & 0xffffn));
  const [start, length] = longestZeroRun(groups);
  if (length < 2) return groups.map(hex).join(":");
  return `${groups.slice(0, start).map(hex).join(":")}::${groups
    .slice(start + length)
    .map(hex)
    .join(":")}`;
}

/** First and last address of CIDR text, or Elasticsearch's reason for refusing it. */
export function cidrRange(text: string): { readonly from: Address; readonly to: Address } | string {
  const parts = text.split("/");
  const [host = "", length = ""] = parts;
  if (parts.length !== 2) return `Expected [ip/prefix] but was [${text}]`;
  const address = parseAddress(host);
  if (address === null) return `'${host}' is not an IP string literal.`;
  const bits = host.includes(":") ? 128 : 32;
  if (!/^\d+$/.test(length)) return `For input string: "${length}"`;
  const prefix = Number(length);
  if (prefix > bits) return `Illegal prefix length [${length}] in [${text}]. Must be 0-32 for IPv4 ranges, 0-128 for IPv6 ranges`;
  const low = (1n << BigInt(bits - prefix)) - 1n;
  return { from: address & (MAX ^ low), to: address | low };
}

function parseV4(text: string): bigint | null {
  const parts = text.split(".");
  if (parts.length !== 4) return null;
  let value = 0;
  for (const part of parts) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return null;
    value = value * 256 + Number(part);
  }
  return BigInt(value);
}

function parseV6(text: string): Address | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const [head = "", tail] = halves;
  const left = groupsOf(head);
  const right = tail === undefined ? [] : groupsOf(tail);
  if (left === null || right === null) return null;
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  const groups = [...left, ...new Array<number>(missing).fill(0), ...right];
  return groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n);
}

function groupsOf(text: string): readonly number[] | null {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [i, part] of parts.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      groups.push(Number.parseInt(part, 16));
      continue;
    }
    const v4 = i === parts.length - 1 && part.includes(".") ? parseV4(part) : null;
    if (v4 === null) return null;
    groups.push(Number(v4 >> 16n), Number(v4 & 0xffffn));
  }
  return groups;
}

function printV4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join(".");
}

function longestZeroRun(groups: readonly number[]): readonly [start: number, length: number] {
  let best: readonly [number, number] = [0, 0];
  for (let start = 0; start < groups.length; start += 1) {
    let length = 0;
    while (groups[start + length] === 0) length += 1;
    if (length > best[1]) best = [start, length];
  }
  return best;
}

function hex(group: number): string {
  return group.toString(16);
}
