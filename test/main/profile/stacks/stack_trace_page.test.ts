import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { StackTrace } from "../../../../src/main/profile/stacks/stack_trace.ts";
import { stackTracePage } from "../../../../src/main/profile/stacks/stack_trace_page.ts";

const HOSTILE = `<script>alert("x")</script>'&`;
const TRACE: StackTrace = {
  time: new Date(0),
  why: `Asked for by ${HOSTILE}.`,
  ms: 234,
  threads: [
    {
      id: 0,
      label: "main",
      samples: 5,
      stacks: [
        {
          samples: 4,
          frames: [
            { name: "", place: { file: "src/main/a.ts", line: 1, column: 2 }, async: false },
            { name: HOSTILE, place: null, async: true },
          ],
        },
      ],
      busy: { always: 0.5, now: 0.021 },
      waitsFor: { Timeout: 2, TCPServerWrap: 1 },
      answerMs: 1.25,
    },
    { id: 1, label: "journal", samples: 5, stacks: [], busy: { always: 0, now: 0 }, waitsFor: {}, answerMs: 1 },
    { id: 2, label: "proxy", samples: 0, stacks: [], busy: { always: 0, now: 0 }, waitsFor: {}, answerMs: 0 },
  ],
  system: null,
  clickhouse: { ok: false, why: "ClickHouse is away." },
  elasticsearch: { ok: true, value: { url: "http://127.0.0.1:9200", text: HOSTILE } },
};

describe("the page of a stack trace", () => {
  const page = stackTracePage(TRACE, [["node_id", HOSTILE]]);

  test("says of each thread what it does, or why that is not known", () => {
    assert.match(page, /main <small>thread 0<\/small> <span class="state">runs in 4 of 5 samples/);
    assert.match(page, /<b>\(anonymous\)<\/b> src\/main\/a\.ts:1:2/);
    assert.match(page, /busy 2\.1 % of the time now, 50 % since its start/);
    assert.match(page, /Waits for: 2 Timeout, 1 TCPServerWrap\./);
    assert.match(page, /journal <small>thread 1<\/small> <span class="state">idle/);
    assert.match(page, /proxy <small>thread 2<\/small> <span class="state">no answer/);
    assert.match(page, /<p class="missing">ClickHouse is away\.<\/p>/);
    assert.match(page, /Only Linux tells of them\./);
  });

  test("lets nothing from outside be markup, and asks nothing of the net", () => {
    assert.ok(!page.includes("<script"));
    assert.equal(page.match(/&lt;script&gt;alert\(&quot;x&quot;\)&lt;\/script&gt;&#39;&amp;/g)?.length, 4);
    assert.doesNotMatch(page, /(?:src|href)="(?!#)|url\(|@import/);
  });
});
