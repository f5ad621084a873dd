import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseMapping } from "../../../../src/main/elasticsearch/mapping.ts";
import { kindOf } from "../../../../src/main/pipes/generators/kinds.ts";
import { SUBJECTS } from "../../../../src/main/pipes/generators/user/subjects.ts";
import { act, type Seen } from "../../../../src/main/pipes/generators/user/user.ts";
import { translateSearch } from "../../../../src/main/translate/search.ts";
import { parseObject } from "../../../../src/shared/json.ts";

const NOW = Date.UTC(2026, 10, 22, 12);

describe("a Kibana user", () => {
  for (const subject of SUBJECTS) {
    const kind = kindOf(subject.kind);
    assert.ok(kind !== null);
    const seen: Seen = { subject, index: kind.index };
    const table = { index: kind.index, database: "mirror", table: "t", mapping: parseMapping(kind.mappings), shards: 1, final: false };

    it(`asks of ${subject.kind} only what can be compared`, () => {
      const requests = Array.from({ length: 60 }, (_, number) => act(number, 1, [seen], "_search", NOW)).flat();
      const searches = requests.filter(({ path }) => /\/_(search|count)(\?|$)/.test(path));
      assert.ok(searches.length > 60);
      for (const { path, body } of searches) {
        // The best documents of a sample can't be told where words are scored.
        if (body.includes("sampler") && body.includes("query_string")) continue;
        const endpoint = path.includes("_count") ? "count" : "search";
        const translation = translateSearch({ endpoint, body: parseObject(body) ?? {}, params: new Map(), tables: [table], now: NOW });
        assert.equal(
          translation.kind,
          "translated",
          `${body}\n${translation.kind === "unsupported" ? translation.unsupported.map(({ reason }) => reason).join() : ""}`,
        );
      }
    });
  }

  it("does the same at the same number, and another thing at another", () => {
    const seen = SUBJECTS.map((subject) => ({ subject, index: subject.kind }));
    const [first, ...rest] = seen;
    assert.ok(first !== undefined);
    const text = (number: number): string => JSON.stringify(act(number, 5, [first, ...rest], "_async_search", NOW));
    assert.equal(text(3), text(3));
    assert.ok(new Set(Array.from({ length: 20 }, (_, number) => text(number))).size > 15);
  });
});
