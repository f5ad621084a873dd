// Two sides that differ for as long as a request has a certain text in it: a planted fault, without engines.

import type { BothSides } from "../../src/main/shrink/ask_both.ts";
import type { Comparison, SearchPart } from "../../src/shared/exchange.ts";

/** `asked` gets the text of each request. */
export function differingSides(needle: string, asked: string[] = []): BothSides {
  return {
    ask: async ({ body }) => {
      asked.push(Buffer.from(body).toString());
      return { status: 200, headers: {}, body: Buffer.from('{"hits":{"total":{"value":1,"relation":"eq"},"hits":[]}}') };
    },
    judged: async ({ request }) => {
      const text = Buffer.from(request.body).toString();
      const comparison = text.includes(needle) ? differing("/hits/total/value") : SAME;
      const part: SearchPart = {
        position: 0,
        index: "i",
        body: text,
        statements: [],
        clickhouse: "{}",
        comparison,
        shape: "",
        clickhouseMs: 1,
      };
      return { comparison, parts: [part], timings: {} };
    },
  };
}

const SAME: Comparison = {
  verdict: "equal",
  reason: "",
  differences: [],
  differenceCount: 0,
  rules: [],
  comparedLeaves: 1,
  totalLeaves: 1,
  unsupported: [],
};

/** A comparison with one difference, at `path`. */
export function differing(path: string): Comparison {
  const difference = { path, kind: "value" as const, elasticsearch: "1", clickhouse: "0" };
  return { ...SAME, verdict: "different", reason: "one difference", differences: [difference], differenceCount: 1 };
}
