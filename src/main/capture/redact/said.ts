// What was said of exchanges, without what was chosen: profiles and causes. Their texts name values of requests and documents in words of their
// own, so that no field can be found in them: where one is chosen, or a body goes, the texts go as a whole and figures stay.
import type { CauseCount, WhyAnswer } from "../../../shared/compare.ts";
import type {
  ClickHouseProfile,
  ElasticsearchProfile,
  ExchangeProfile,
  ProfilePart,
  ProfileRun,
} from "../../../shared/exchange_profile.ts";
import type { FlameNode } from "../../../shared/flame.ts";
import { REDACTED } from "../redaction.ts";
import { redactedText } from "./head.ts";
import type { RedactionRules } from "./rules.ts";

type Say = (text: string) => string;

export function redactedProfile(profile: ExchangeProfile, rules: RedactionRules): ExchangeProfile {
  const say = sayOf(rules);
  return { ...profile, clickhouse: part(profile.clickhouse, say, statements), runs: profile.runs.map((run) => redactedRun(run, say)) };
}

export function redactedWhy(why: WhyAnswer, rules: RedactionRules): WhyAnswer {
  const say = sayOf(rules);
  const ofCause = (cause: CauseCount): CauseCount => ({
    ...cause,
    kinds: cause.kinds.map((kind) => ({ ...kind, path: say(kind.path), sentence: say(kind.sentence) })),
  });
  return { ...why, causes: why.causes.map(ofCause) };
}

function sayOf(rules: RedactionRules): Say {
  const whole = rules.fields.any || rules.bodies.size > 0;
  return (text) => (text === "" ? "" : whole ? REDACTED : redactedText(text, rules, () => undefined));
}

function redactedRun(run: ProfileRun, say: Say): ProfileRun {
  return {
    ...run,
    reason: say(run.reason),
    elasticsearch: part(run.elasticsearch, say, shards),
    clickhouse: part(run.clickhouse, say, statements),
    // Functions of Parallax: nothing of the exchange is in them.
    cpu: run.cpu,
  };
}

function part<T>(value: ProfilePart<T>, say: Say, clean: (of: T, say: Say) => T): ProfilePart<T> {
  switch (value.state) {
    case "there":
      return { state: "there", value: clean(value.value, say) };
    case "missing":
      return { state: "missing", reason: say(value.reason) };
    case "not asked":
      return value;
  }
}

function statements(of: ClickHouseProfile, say: Say): ClickHouseProfile {
  return {
    missing: of.missing.map(say),
    statements: of.statements.map((one) => ({
      ...one,
      pipeline: one.pipeline.map(say),
      error: one.error === null ? null : say(one.error),
    })),
  };
}

function shards({ asked, searches }: ElasticsearchProfile, say: Say): ElasticsearchProfile {
  return {
    asked: say(asked),
    searches: searches.map((search) => ({
      ...search,
      problem: say(search.problem),
      shards: search.shards.map((node) => frame(node, say)),
    })),
  };
}

function frame(node: FlameNode, say: Say): FlameNode {
  return { ...node, where: say(node.where), children: node.children.map((child) => frame(child, say)) };
}
