// Rules, script, breakpoints and statistics without an engine: the real processors over made-up requests, for the tests of the window.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Handlers } from "../../src/main/contract/handlers.ts";
import { ruleHandlers } from "../../src/main/contract/rule_handlers.ts";
import type { TappedExchange } from "../../src/main/proxy/tap.ts";
import { Statistics } from "../../src/main/report/statistics.ts";
import { Interventions } from "../../src/main/rules/interventions.ts";

const TARGETS = ["/logs-1/_search", "/logs-1/_search", "/_bulk", "/logs-2/_count", "/_cat/indices", "/_nothing/known"] as const;
const AGENTS = ["Kibana/9.4.3", "elasticsearch-py/9.1.0", "curl/8.9.1"] as const;

export class FakeRules {
  readonly interventions: Interventions;
  readonly statistics = new Statistics();
  changed: () => void = () => {};

  constructor() {
    this.interventions = new Interventions({
      file: join(mkdtempSync(join(tmpdir(), "parallax-fake-rules-")), "rules.json"),
      rules: [],
      script: "",
      scriptLimitMs: 60_000,
      watchChanged: () => {},
      changed: () => this.changed(),
      log: () => {},
    });
    for (let n = 0; n < 240; n += 1) {
      this.statistics.exchanged(madeUp(n));
      if (n % 3 === 0) this.statistics.searched(2 + (n % 40), false);
    }
  }

  get handlers(): ReturnType<typeof ruleHandlers> & Partial<Handlers> {
    return ruleHandlers({ intervening: this, statistics: this.statistics });
  }
}

function madeUp(n: number): TappedExchange {
  const part = { version: "1.1", headers: [], body: new Uint8Array(), bodyBytes: 0, truncated: false };
  const target = TARGETS[n % TARGETS.length] ?? "/";
  return {
    id: n + 1,
    time: 0,
    request: { ...part, method: "POST", target, headers: [["user-agent", AGENTS[n % AGENTS.length] ?? ""]] },
    response: { ...part, status: n % 50 === 49 ? 503 : n % 6 === 5 ? 400 : 200, reason: "" },
    phases: { lastByte: n % 60 === 59 ? 6_200 : 3 + (n % 30) },
    error: "",
  };
}
