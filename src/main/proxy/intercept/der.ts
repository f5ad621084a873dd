// The few forms of DER (ITU-T X.690) that a certificate is written in. Everything in memory, nothing read.

/** One value with its tag and length. */
function value(tag: number, content: Uint8Array): Buffer {
  const { length } = content;
  const size: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) size.unshift(rest % 256);
  const head = length < 0x80 ? [tag, length] : [tag, 0x80 | size.length, ...size];
  return Buffer.concat([Buffer.from(head), content]);
}

export function sequence(...parts: readonly Uint8Array[]): Buffer {
  return value(0x30, Buffer.concat(parts));
}

export function set(...parts: readonly Uint8Array[]): Buffer {
  return value(0x31, Buffer.concat(parts));
}

/** A number from 0, most significant octet first. */
export function integer(octets: Uint8Array): Buffer {
  const first = octets.findIndex((octet) => octet !== 0);
  const significant = first < 0 ? Buffer.from([0]) : Buffer.from(octets.subarray(first));
  // A leading bit would make it negative.
  return value(0x02, (significant[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), significant]) : significant);
}

export const TRUE: Buffer = value(0x01, Buffer.from([0xff]));

/** `dotted`: as in 2.5.29.17. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...others] = dotted.split(".").map(Number);
  const octets = [first * 40 + second];
  for (const arc of others) {
    const groups = [arc % 128];
    for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) groups.unshift(0x80 | (rest % 128));
    octets.push(...groups);
  }
  return value(0x06, Buffer.from(octets));
}

export function utf8(text: string): Buffer {
  return value(0x0c, Buffer.from(text, "utf8"));
}

export function octets(content: Uint8Array): Buffer {
  return value(0x04, content);
}

/** `unused`: bits at the end that do not count. */
export function bits(content: Uint8Array, unused = 0): Buffer {
  return value(0x03, Buffer.concat([Buffer.from([unused]), content]));
}

/** A value under a number of the surrounding type's own: as a whole within it, or in its place. */
export function tagged(number: number, content: Uint8Array, form: "explicit" | "implicit"): Buffer {
  return value((form === "explicit" ? 0xa0 : 0x80) | number, content);
}

/** UTCTime until 2049, GeneralizedTime after it (RFC 5280 section 4.1.2.5). */
export function time(date: Date): Buffer {
  const digits = `${date.toISOString().replace(/[-:T]/g, "").slice(0, 14)}Z`;
  return date.getUTCFullYear() < 2050 ? value(0x17, Buffer.from(digits.slice(2))) : value(0x18, Buffer.from(digits));
}
