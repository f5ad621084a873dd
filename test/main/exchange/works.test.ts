import assert from "node:assert/strict";
import { test } from "node:test";
import { Works } from "../../../src/main/exchange/works.ts";

test("an exchange is settled once all that was begun for it is done, each on its own", () => {
  const settled: number[] = [];
  const works = new Works((exchange) => settled.push(exchange));
  works.begin(1);
  works.begin(2);
  works.begin(1);
  works.end(1);
  assert.deepEqual(settled, []);
  works.end(2);
  works.end(1);
  assert.deepEqual(settled, [2, 1]);
});
