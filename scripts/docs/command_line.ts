// docs/cli.md, from what `parallax help` prints.
import { HELP } from "../../src/main/cli/help.ts";

interface Verb {
  /** As it is typed, without `parallax`: `replay FILE --to URL`. */
  readonly usage: string;
  readonly does: string;
  /** Its flags, as the help has them. */
  readonly flags: readonly string[];
}

/** Where more is said of a verb. */
const MORE: Readonly<Record<string, string>> = {
  serve: "configuration.md",
  backfill: "reconcile.md",
  reconcile: "reconcile.md",
  generate: "generators.md",
  schedule: "pipes.md",
  mode: "routing.md",
  intercept: "intercept.md",
  "start, stop": "desktop.md",
  open: "desktop.md",
  quit: "desktop.md",
  status: "api.md",
  mcp: "mcp.md",
  profile: "profiles.md",
  stacktrace: "debugging.md",
  export: "sharing.md",
  import: "dumps.md",
  replay: "dumps.md",
  compare: "regression.md",
  translate: "translation.md",
};

function verbs(): readonly Verb[] {
  const found: { usage: string; does: string; flags: string[] }[] = [];
  for (const line of HELP.split("\n").slice(1, -2)) {
    const [, usage, does = ""] = /^ {2}([a-z].*?) {2,}(.*)$/.exec(line) ?? [];
    if (usage !== undefined) found.push({ usage, does, flags: [] });
    else if (line.trim() !== "") found.at(-1)?.flags.push(line.slice(4));
  }
  return found;
}

/** The whole page. */
export function commandLinePage(): string {
  const all = verbs();
  const sections = all.map(({ usage, does, flags }) => {
    const name = nameOf(usage);
    const more = MORE[name];
    const text = `${does.charAt(0).toUpperCase()}${does.slice(1)}${/[.:;]$/.test(does) ? "" : "."}${more === undefined ? "" : ` More: [${more}](${more}).`}`;
    const block = flags.length === 0 ? "" : `\n${flags.map((flag) => `    ${flag}`.trimEnd()).join("\n")}\n`;
    return `## ${name}\n\n\`parallax ${usage}\`: ${text}\n${block}`;
  });
  return `# Command line

<!-- Written by \`npm run docs\` from what \`parallax help\` prints: change it there. -->

\`npx parallax VERB\` in the project's folder, \`parallax VERB\` where the package is installed. \`npm start -- FLAGS\` takes the flags of \`serve\`; all its settings: [configuration.md](configuration.md).
A wrong verb or flag is an error that names the nearest right one. Verbs that talk to a Parallax that runs look for it on port 9999 (\`--ui-port\`); what changes something needs its token (\`--token\`, \`PARALLAX_TOKEN\`).

| exit code | |
|---|---|
| 0 | done |
| 1 | differences found where asked |
| 2 | bad usage or input, or the start failed |
| 3 | a backend, or the Parallax that runs, can't be reached |

${sections.join("\n")}`;
}

/** `generate KIND` → `generate`; `start, stop` stays. */
function nameOf(usage: string): string {
  return /^[a-z]+(, [a-z]+)*/.exec(usage)?.[0] ?? usage;
}
