import assert from "node:assert/strict";
import { test } from "node:test";
import { sentenceStart } from "../../../../src/main/translate/hits/highlight/sentences.ts";

// Text → where the fragment with its last word began in Elasticsearch 9.4.3.
const CASES: readonly (readonly [text: string, start: number])[] = [
  ["Aaa bbb. Ccc needle", 9],
  ["Aaa bbb. ccc needle", 0],
  ["Aaa? bbb needle", 5],
  ["GET /a?b=c HTTP/1.1 needle", 7],
  ["Aaa.Bbb needle", 0],
  ["Aaa.) Bbb needle", 6],
  ['Aaa. "bbb needle', 5],
  ["Aaa\n\nBbb needle", 0],
  ["Aaa. 5 needle", 0],
  ["Aaa... Bbb needle", 7],
  ["Aaa.? bbb needle", 6],
  ["Aaa。bbb needle", 4],
  ["Aaa. [1] needle", 0],
  ["Aaa.\nBbb needle", 5],
  ["Aaa.]Bbb needle", 0],
  ["e.g. Foo needle", 5],
];

for (const [text, start] of CASES) {
  test(`a fragment of ${JSON.stringify(text)} begins at ${start}`, () => {
    assert.equal(sentenceStart(text, text.indexOf("needle")), start);
  });
}
