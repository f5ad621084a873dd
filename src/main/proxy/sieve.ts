// Which requests the engine wants to look at, as far as it can be told from a head: a tree that the engine makes of its filters,
// evaluated on the proxy's thread. What a head can't tell is unknown, and what may be wanted is asked about.
import type { HeadFacts } from "./head.ts";
import { latin1 } from "./octets.ts";

/** Patterns are sources of regular expressions, searched for without regard to case. */
export type Sieve =
  | { readonly kind: "all" | "any"; readonly of: readonly Sieve[] }
  | { readonly kind: "not"; readonly of: Sieve }
  | { readonly kind: "url" | "method" | "host"; readonly pattern: string }
  | { readonly kind: "known"; readonly is: boolean }
  | { readonly kind: "unknown" };

/** null: a head does not tell. */
export type Told = boolean | null;

export const SIEVE_FLAGS = "ims";

interface Texts {
  readonly url: string;
  readonly method: string;
  readonly host: string;
}

type Test = (texts: Texts) => Told;

/** Whether a request with this head may be wanted. */
export function compileSieve(sieve: Sieve): (bytes: Buffer, facts: HeadFacts) => boolean {
  const test = testOf(sieve);
  return (bytes, facts) => {
    const host = latin1(bytes, facts.hostStart, facts.hostEnd);
    const target = latin1(bytes, facts.targetStart, facts.targetEnd);
    return test({ url: `http://${host}${target}`, method: latin1(bytes, facts.start, facts.methodEnd), host }) !== false;
  };
}

function testOf(sieve: Sieve): Test {
  switch (sieve.kind) {
    case "unknown":
      return () => null;
    case "known":
      return () => sieve.is;
    case "not": {
      const inner = testOf(sieve.of);
      return (texts) => not(inner(texts));
    }
    case "all":
    case "any": {
      const tests = sieve.of.map(testOf);
      return (texts) =>
        joined(
          sieve.kind,
          tests.map((test) => test(texts)),
        );
    }
    default: {
      const pattern = new RegExp(sieve.pattern, SIEVE_FLAGS);
      return (texts) => pattern.test(texts[sieve.kind]);
    }
  }
}

export function not(told: Told): Told {
  return told === null ? null : !told;
}

/** All or any of several, some of which may not be known. */
export function joined(kind: "all" | "any", parts: readonly Told[]): Told {
  const decisive = kind === "any";
  if (parts.includes(decisive)) return decisive;
  return parts.includes(null) ? null : !decisive;
}
