import assert from "node:assert/strict";
import { test } from "node:test";
import { sentenceBreaks } from "../../../../src/main/translate/hits/highlight/sentences.ts";
import { wordBreaks } from "../../../../src/main/translate/hits/highlight/word_breaks.ts";

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
    const needle = text.indexOf("needle");
    assert.equal(
      sentenceBreaks(text).findLast((each) => each <= needle),
      start,
    );
  });
}

test("what may begin a sentence, left open at the end, sends Java back to before the full stop", () => {
  assert.deepEqual(sentenceBreaks("end. --"), [0, 3, 4, 7]);
  assert.deepEqual(sentenceBreaks('a."(1'), [0, 1, 2, 5]);
});

test("words end as Java 25 ends them", () => {
  assert.deepEqual(wordBreaks("it's foo-bar, $5.50 50%"), [0, 4, 5, 12, 13, 14, 19, 20, 23]);
  assert.deepEqual(wordBreaks("a1b2  \n日本ひらカナ"), [0, 4, 7, 9, 11, 13]);
});
