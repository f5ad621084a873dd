// `parallax compare FILE…`: judges the searches of sessions, HARs and case files anew with today's translator, and lists what changed.
import { statSync } from "node:fs";
import { messageOf } from "../../shared/thrown.ts";
import { urlProblem } from "../config/url.ts";
import { type AskedParallax, judgeKept } from "../regression/judge_kept.ts";
import { type KeptCase, type KeptRequest, keptSearches } from "../regression/kept_searches.ts";
import { isRegression, type Outcome, type Report } from "../regression/outcome.ts";
import { asJson, asJunit, asMarkdown, asText } from "../regression/reports.ts";
import { filterOf, writeTo } from "./export.ts";
import { startOwnParallax } from "./own_parallax.ts";
import { type RunningParallax, VerbFailure } from "./running_parallax.ts";
import { readVerbOptions, runVerb } from "./verb_options.ts";

const LINE_EVERY_MS = 2_000;
/** What an engine in this process may leave open must not keep it. */
const EXIT_AFTER_MS = 2_000;

/** Runs the verb; returns the exit code: 1 where `--fail-on-difference` asks and a search differs, fails or was better before. */
export function compareCommand(argv: readonly string[]): Promise<number> {
  return runVerb("compare", async () => {
    const { parallax, names, text, has } = readVerbOptions("compare", argv, {
      elasticsearch: "string",
      clickhouse: "string",
      "verdict-rules": "string",
      filter: "string",
      junit: "string",
      markdown: "string",
      json: "boolean",
      "fail-on-difference": "boolean",
    });
    if (names.length === 0) throw new VerbFailure(2, "Which file? parallax compare SESSION|HAR|CASE… [--elasticsearch URL]");
    const [elasticsearch, clickhouse] = [urlOf(text("elasticsearch"), "--elasticsearch"), urlOf(text("clickhouse"), "--clickhouse")];
    if (clickhouse !== null && elasticsearch === null)
      throw new VerbFailure(2, "--clickhouse needs --elasticsearch: without it, the Parallax that runs is asked.");
    const verdictRules = text("verdict-rules");
    if (verdictRules !== null && elasticsearch === null)
      throw new VerbFailure(
        2,
        "--verdict-rules needs --elasticsearch: without it, the Parallax that runs is asked, by the rules that are set there.",
      );
    const kept = await readAll(names, filterOf(text("filter")));
    const report = await judgeAll(kept, { parallax, elasticsearch, clickhouse, verdictRules });
    const [junit, markdown] = [text("junit"), text("markdown")];
    if (junit !== null) await writeTo(junit, () => once(asJunit(report)));
    if (markdown !== null) await writeTo(markdown, () => once(asMarkdown(report)));
    process.stdout.write(has("json") ? asJson(report) : asText(report));
    return has("fail-on-difference") && report.outcomes.some(isRegression) ? 1 : 0;
  });
}

interface AllKept {
  readonly searches: readonly (KeptRequest | KeptCase)[];
  readonly leftOut: ReadonlyMap<string, number>;
}

async function readAll(files: readonly string[], filter: ReturnType<typeof filterOf>): Promise<AllKept> {
  const searches: (KeptRequest | KeptCase)[] = [];
  const leftOut = new Map<string, number>();
  for (const file of files) {
    if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) throw new VerbFailure(2, `There is no file ${file}.`);
    const read = await keptSearches(file, filter).catch((error: unknown) => {
      throw new VerbFailure(2, messageOf(error));
    });
    searches.push(...read.searches);
    for (const [why, count] of read.leftOut) leftOut.set(why, (leftOut.get(why) ?? 0) + count);
  }
  return { searches, leftOut };
}

interface Where {
  readonly parallax: RunningParallax;
  /** null: by the Parallax that runs. */
  readonly elasticsearch: string | null;
  readonly clickhouse: string | null;
  readonly verdictRules: string | null;
}

async function judgeAll({ searches, leftOut }: AllKept, { parallax, elasticsearch, ...rest }: Where): Promise<Report> {
  const own = elasticsearch === null ? null : await startOwnParallax({ elasticsearch, ...rest });
  const interrupt = (): void => void own?.stop().finally(() => process.exit(130));
  if (own !== null) for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, interrupt);
  try {
    const asked = await askedOf(own?.parallax ?? parallax, own !== null);
    const outcomes: Outcome[] = [];
    let said = performance.now();
    for (const [i, one] of searches.entries()) {
      outcomes.push(...(await judgeKept(asked, one)));
      if (performance.now() - said < LINE_EVERY_MS) continue;
      said = performance.now();
      process.stderr.write(`${i + 1} of ${searches.length}\n`);
    }
    return { outcomes, leftOut };
  } finally {
    await own?.stop();
    if (own !== null) setTimeout(() => process.exit(), EXIT_AFTER_MS).unref();
  }
}

/** Throws VerbFailure (3) where a backend is away. */
async function askedOf(parallax: RunningParallax, copies: boolean): Promise<AskedParallax> {
  const { proxy, elasticsearch, clickhouse } = await parallax.call("status.get", {});
  for (const { status, url, message } of [elasticsearch, clickhouse]) {
    if (status === "away" || status === "absent") throw new VerbFailure(3, `${url} is away: ${message}`);
  }
  return { call: (name, request) => parallax.call(name, request), proxy: proxy.url, copies };
}

function urlOf(text: string | null, flag: string): string | null {
  const problem = text === null ? "" : urlProblem(text);
  if (problem !== "") throw new VerbFailure(2, `${flag} ${problem}`);
  return text;
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}
