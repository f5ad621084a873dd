// Octets of HTTP/1.1 (RFC 9110 section 5.6, RFC 9112): which may stand where, and comparing names without making strings.

export const TAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SPACE = 0x20;
export const COLON = 0x3a;
export const SLASH = 0x2f;

/** 1 where the octet may be part of a token: methods and field names. */
export const IS_TOKEN: Uint8Array = octetsWhere((octet) => /[!#$%&'*+\-.^_`|~0-9A-Za-z]/.test(String.fromCharCode(octet)));

/** 1 where the octet may be part of a field's value: printable, space, tab, and the high half that old servers send. */
export const IS_VALUE: Uint8Array = octetsWhere((octet) => octet === TAB || (octet >= SPACE && octet !== 0x7f));

/** 1 where the octet may be part of a request target: printable, no space; high octets pass, since a wire does not judge them. */
export const IS_TARGET: Uint8Array = octetsWhere((octet) => octet > SPACE && octet !== 0x7f);

/** Value of a hexadecimal digit, 255 for any other octet. */
export const HEX_VALUE: Uint8Array = Uint8Array.from({ length: 256 }, (_, octet) => {
  const digit = Number.parseInt(String.fromCharCode(octet), 16);
  return Number.isNaN(digit) ? 255 : digit;
});

function octetsWhere(allowed: (octet: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, octet) => (allowed(octet) && octet < 256 ? 1 : 0));
}

/** The octet at `index`; 0 beyond the end, so that callers need no second check. */
export function octetAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

/** Whether `bytes[from, to)` is `lower` (lower-case ASCII), letter case aside. */
export function sameText(bytes: Uint8Array, from: number, to: number, lower: Uint8Array): boolean {
  if (to - from !== lower.length) return false;
  for (let index = 0; index < lower.length; index += 1) {
    const octet = octetAt(bytes, from + index);
    const wanted = octetAt(lower, index);
    // Folding with 0x20 is right for letters only: a wanted letter, or the very same octet.
    if (octet !== wanted && !(wanted >= 0x61 && wanted <= 0x7a && (octet | 0x20) === wanted)) return false;
  }
  return true;
}

/** Text of a range, one character an octet. */
export function latin1(bytes: Buffer, from: number, to: number): string {
  return bytes.toString("latin1", from, to);
}
