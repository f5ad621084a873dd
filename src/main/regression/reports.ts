// A comparison with what was kept, as text, JSON, JUnit's XML and Markdown. Pure.
import { isChanged, isRegression, type Outcome, type Report, sentenceOf } from "./outcome.ts";

/** One line for each changed verdict, then the sum. */
export function asText(report: Report): string {
  const lines = report.outcomes.filter(isChanged).map((outcome) => {
    const { source, name, reason } = outcome;
    const where = firstDifference(outcome);
    return `${arrow(outcome)}  ${name}  (${source})${reason === "" ? "" : `\n    ${oneLine(reason)}`}${where === "" ? "" : `\n    ${where}`}`;
  });
  return `${[...lines, sentenceOf(report)].join("\n")}\n`;
}

/** `{judged, changed, regressions, counts, left_out, searches}`; `searches` are the changed ones. */
export function asJson(report: Report): string {
  const { outcomes, leftOut } = report;
  const counts: Record<string, number> = {};
  for (const { now } of outcomes) counts[now] = (counts[now] ?? 0) + 1;
  const changed = outcomes.filter(isChanged);
  const value = {
    judged: outcomes.length,
    changed: changed.length,
    regressions: outcomes.filter(isRegression).length,
    counts,
    left_out: Object.fromEntries(leftOut),
    searches: changed,
  };
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** A test case for each search: failed where it is a regression, skipped where it was not compared. */
export function asJunit(report: Report): string {
  const { outcomes } = report;
  const failures = outcomes.filter(isRegression).length;
  const skipped = outcomes.filter((outcome) => isSkipped(outcome)).length;
  const seconds = (ms: number): string => (ms / 1000).toFixed(3);
  const cases = outcomes.map((outcome) => {
    const { source, name, ms, reason, now } = outcome;
    const head = `    <testcase classname="${xml(source)}" name="${xml(name)}" time="${seconds(ms)}"`;
    if (isRegression(outcome)) {
      const text = [reason, ...outcome.differences.map(differenceText)].filter((line) => line !== "").join("\n");
      return `${head}>\n      <failure type="${now}" message="${xml(oneLine(`${arrow(outcome)}: ${reason}`))}">${xml(text)}</failure>\n    </testcase>`;
    }
    return isSkipped(outcome) ? `${head}>\n      <skipped message="${xml(oneLine(reason))}"/>\n    </testcase>` : `${head}/>`;
  });
  const total = seconds(outcomes.reduce((sum, { ms }) => sum + ms, 0));
  const counts = `tests="${outcomes.length}" failures="${failures}" errors="0" skipped="${skipped}" time="${total}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${counts}>\n  <testsuite name="parallax compare" ${counts}>\n${cases.map((one) => `${one}\n`).join("")}  </testsuite>\n</testsuites>\n`;
}

/** The sum, and a table of the changed verdicts. */
export function asMarkdown(report: Report): string {
  const changed = report.outcomes.filter(isChanged);
  const head = `# parallax compare\n\n${sentenceOf(report)}\n`;
  if (changed.length === 0) return head;
  const rows = changed.map((outcome) => {
    const where = firstDifference(outcome);
    const cells = [outcome.name, outcome.source, outcome.before ?? "", `**${outcome.now}**`, where === "" ? outcome.reason : where];
    return `| ${cells.map(cell).join(" | ")} |`;
  });
  return `${head}\n| search | of | before | now | why |\n|---|---|---|---|---|\n${rows.join("\n")}\n`;
}

function isSkipped(outcome: Outcome): boolean {
  return outcome.now === "not_compared" && !isRegression(outcome);
}

function arrow({ before, now }: Outcome): string {
  return before === null ? now : `${before} → ${now}`;
}

function firstDifference({ differences }: Outcome): string {
  const [first] = differences;
  return first === undefined ? "" : differenceText(first);
}

function differenceText({ path, elasticsearch, clickhouse }: Outcome["differences"][number]): string {
  return oneLine(`${path}: ${elasticsearch ?? "nothing"} <> ${clickhouse ?? "nothing"}`);
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}

function cell(text: string): string {
  return oneLine(text).replaceAll("\\", "\\\\").replaceAll("|", "\\|").replaceAll("<", "&lt;");
}

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };

/** XML 1.0 has no place for most control characters, nor for halves of surrogate pairs. */
function xml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu, "\ufffd")
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
