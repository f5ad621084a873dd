import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { withNumberTotals } from "../../../src/main/translate/number_totals.ts";

const total = (value: number) => ({ value, relation: "eq" });

describe("totals of hits as numbers", () => {
  test("are those of the hits, of inner hits within inner hits, and of top_hits at any depth", () => {
    const hits = (of: number, inner?: object) => ({ hits: { total: total(of), hits: [{ _id: "1", ...inner }] } });
    const answer = {
      ...hits(5, { inner_hits: { own: hits(2, { inner_hits: { deeper: hits(1) } }) } }),
      aggregations: { hosts: { buckets: [{ key: "a", top: hits(3) }] }, hits: { buckets: { total: hits(4) } } },
    };
    assert.deepEqual(withNumberTotals(answer), {
      hits: {
        total: 5,
        hits: [
          {
            _id: "1",
            inner_hits: {
              own: { hits: { total: 2, hits: [{ _id: "1", inner_hits: { deeper: { hits: { total: 1, hits: [{ _id: "1" }] } } } }] } },
            },
          },
        ],
      },
      aggregations: {
        hosts: { buckets: [{ key: "a", top: { hits: { total: 3, hits: [{ _id: "1" }] } } }] },
        hits: { buckets: { total: { hits: { total: 4, hits: [{ _id: "1" }] } } } },
      },
    });
  });

  test("leave what documents hold and what is not counted as they are", () => {
    const answer = { hits: { total: -1, hits: [{ _source: { hits: { total: total(1), hits: [] } } }] } };
    assert.deepEqual(withNumberTotals(answer), answer);
  });
});
