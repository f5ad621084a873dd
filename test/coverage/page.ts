// docs/coverage.md: the tables in the code, and beside each name what the parity tests saw of it.
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { allNames, type Named, SECTIONS, type Section } from "./names.ts";
import type { Recorded } from "./record.ts";
import type { State } from "./walk.ts";

export const PAGE = join(import.meta.dirname, "../../docs/coverage.md");
/** What the last whole run of the parity tests saw; the page follows from it and from the tables. */
const SEEN = join(import.meta.dirname, "seen.json");

const HEAD = `# Coverage: what was run against what

Written by \`PARALLAX_WRITE_COVERAGE=1 npm run test:parity\` (or, when only the tables changed, \`node test/coverage/write.ts\`); no row is written by hand. Names come from the tables in the code, options
from the requests of the tests. *Reference* is the server that gave the same answer to a request with this name in it; *none* means that
no such request was compared, and counts as not verified. *Rejected* options are those that both sides refuse.
`;

interface Seen {
  readonly state: State;
  readonly references: Set<string>;
}

/** What was seen when the page was last written. */
export function readSeen(): readonly Recorded[] {
  return existsSync(SEEN) ? JSON.parse(readFileSync(SEEN, "utf8")) : [];
}

/** Takes in the records of a folder and writes the page; a run of all tests replaces what was seen before. */
export function writeCoverage(folder: string, whole: boolean): void {
  const records = globSync(join(folder, "*.json")).map((path): Recorded => JSON.parse(readFileSync(path, "utf8")));
  const byReference = Map.groupBy(whole ? records : [...readSeen(), ...records], ({ reference }) => reference);
  const seen = [...byReference].map(([reference, own]): Recorded => {
    const states = [...merged(own)].map(([use, { state }]) => [use, state] as const);
    return { reference, uses: Object.fromEntries(states.toSorted(([a], [b]) => (a < b ? -1 : 1))) };
  });
  writeFileSync(SEEN, `${JSON.stringify(seen, null, 2)}\n`);
  writePage();
}

/** Writes the page from what was seen and the tables as they are now. */
export function writePage(): void {
  writeFileSync(PAGE, coveragePage(readSeen()));
}

/** The page's text. */
export function coveragePage(records: readonly Recorded[]): string {
  const seen = merged(records);
  const names = allNames();
  const sections = SECTIONS.map((section) =>
    sectionOf(
      section,
      names.filter((each) => each.section === section),
      seen,
    ),
  );
  return `${HEAD}${sections.join("")}`;
}

function merged(records: readonly Recorded[]): ReadonlyMap<string, Seen> {
  const seen = new Map<string, Seen>();
  const order: readonly State[] = ["unsupported", "rejected", "equal"];
  for (const { reference, uses } of records) {
    for (const [use, state] of Object.entries(uses)) {
      const known = seen.get(use);
      const better = known === undefined || order.indexOf(state) > order.indexOf(known.state);
      const references = new Set(better && state !== known?.state ? [] : known?.references);
      if (better || state === known.state) seen.set(use, { state: better ? state : known.state, references: references.add(reference) });
    }
  }
  return seen;
}

function sectionOf(section: Section, names: readonly Named[], seen: ReadonlyMap<string, Seen>): string {
  const rows = names.toSorted((a, b) => (a.name < b.name ? -1 : 1)).map((each) => rowOf(each, seen));
  const verified = rows.filter((row) => row.includes("| supported | Elasticsearch") || row.includes("| supported | OpenSearch")).length;
  const supported = names.filter((each) => each.supported).length;
  const counts = `${names.length} names, ${supported} supported, ${verified} of these verified.`;
  return `\n## ${section}\n\n${counts}\n\n| name | state | reference | options seen equal | other options | note |\n|---|---|---|---|---|---|\n${rows.join("\n")}\n`;
}

function rowOf({ section, name, supported, note }: Named, seen: ReadonlyMap<string, Seen>): string {
  const use = seen.get(`${section}|${name}`);
  const reference = use === undefined || use.state !== "equal" ? "none" : [...use.references].sort().join(", ").replaceAll("|", "\\|");
  const own = [...seen].filter(([key]) => key.startsWith(`${section}|${name}|`));
  const options = (keep: (state: State) => boolean, told: boolean): string =>
    own
      .filter(([, { state }]) => keep(state))
      .map(([key, { state }]) => `\`${key.split("|").slice(2).join("|")}\`${told ? ` (${state})` : ""}`)
      .sort()
      .join(", ");
  const equal = options((state) => state === "equal", false);
  const others = options((state) => state !== "equal", true);
  return `| \`${name}\` | ${supported ? "supported" : "unsupported"} | ${reference} | ${equal} | ${others} | ${note.replaceAll("|", "\\|")} |`;
}
