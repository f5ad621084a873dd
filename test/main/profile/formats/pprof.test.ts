import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { pprof } from "../../../../src/main/profile/formats/pprof.ts";
import { readProtobuf } from "../../../support/protobuf.ts";
import { TWO_THREADS } from "./two_threads.ts";

const FIELDS = { sampleType: 1, sample: 2, location: 4, function: 5, strings: 6, timeNanos: 9, durationNanos: 10, comment: 13, shown: 14 };

function read(bytes: Uint8Array) {
  const profile = readProtobuf(gunzipSync(bytes));
  const strings = profile.texts(FIELDS.strings);
  const text = (index: number): string => strings[index] ?? "";
  const functions = new Map(
    profile.messages(FIELDS.function).map((one) => [one.number(1), `${text(one.number(2))} ${text(one.number(4))}`]),
  );
  const locations = new Map(
    profile.messages(FIELDS.location).map((one) => {
      const [line] = one.messages(4);
      return [one.number(1), `${functions.get(line?.number(1) ?? 0)}:${line?.number(2)}`];
    }),
  );
  return {
    profile,
    text,
    types: profile.messages(FIELDS.sampleType).map((type) => `${text(type.number(1))}/${text(type.number(2))}`),
    samples: profile.messages(FIELDS.sample).map((sample) => ({
      stack: sample.numbers(1).map((id) => locations.get(id)),
      values: sample.numbers(2),
      labels: sample.messages(3).map((label) => `${text(label.number(1))}=${text(label.number(2))}`),
    })),
  };
}

test("writes CPU time by stack and line, innermost first, with the thread as a label and without idle time", () => {
  const { types, samples, profile, text } = read(pprof(TWO_THREADS, { started: 1_700_000_000_123 }));
  deepEqual(types, ["samples/count", "cpu/nanoseconds"]);
  equal(text(profile.number(FIELDS.shown)), "cpu");
  equal(profile.big(FIELDS.timeNanos), 1_700_000_000_123_000_000n);
  equal(profile.number(FIELDS.durationNanos), 100_000_000);
  deepEqual(profile.numbers(FIELDS.comment).map(text), ["thread script: did not answer within 5 s"]);
  const outer = "src/main/outer.outer src/main/outer.ts:3";
  const inner = "src/main/inner.inner src/main/inner.ts";
  deepEqual(samples, [
    { stack: ["(garbage collector) :0"], values: [1, 10_000_000], labels: ["thread=main"] },
    { stack: [outer], values: [1, 10_000_000], labels: ["thread=main"] },
    { stack: [`${inner}:8`, outer], values: [2, 15_000_000], labels: ["thread=main"] },
    { stack: [`${inner}:9`, outer], values: [0, 5_000_000], labels: ["thread=main"] },
    { stack: [`${inner}:7`, `${inner}:7`, outer], values: [2, 20_000_000], labels: ["thread=main"] },
    {
      stack: ["node_modules/package/index.(anonymous:12) node_modules/package/index.js:12"],
      values: [1, 30_000_000],
      labels: ["thread=wire"],
    },
    { stack: [`${inner}:7`], values: [1, 30_000_000], labels: ["thread=wire"] },
  ]);
});

test("writes a profile without any sample", () => {
  deepEqual(read(pprof([])).samples, []);
});
