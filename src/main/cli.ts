// The headless twin: the same engine and contract without Electron.
// Exit codes: 0 done, 1 differences found where asked, 2 bad usage or input, 3 backend unreachable (one-shot verbs only).

import type { ControlVerb } from "./cli/control.ts";
import { HELP } from "./cli/help.ts";
import { nearest } from "./config/nearest.ts";

const CONTROL_VERBS: readonly ControlVerb[] = ["start", "stop", "mode", "intercept", "open", "quit"];

function controlled(verb: ControlVerb): (argv: readonly string[]) => Promise<number> {
  return async (argv) => (await import("./cli/control.ts")).controlCommand(verb, argv);
}

// Each verb loads what it needs when it is called: `translate` starts no server's code.
const VERBS: Readonly<Record<string, (argv: readonly string[]) => Promise<number>>> = {
  serve: async (argv) => (await import("./cli/serve.ts")).serveCommand(argv),
  backfill: async (argv) => (await import("./cli/backfill.ts")).backfillCommand(argv),
  generate: async (argv) => (await import("./cli/generate.ts")).generateCommand(argv),
  schedule: async (argv) => (await import("./cli/schedule.ts")).scheduleCommand(argv),
  reconcile: async (argv) => (await import("./cli/reconcile.ts")).reconcileCommand(argv),
  profile: async (argv) => (await import("./cli/profile.ts")).profileCommand(argv),
  stacktrace: async (argv) => (await import("./cli/stacktrace.ts")).stacktraceCommand(argv),
  mcp: async (argv) => (await import("./cli/mcp.ts")).mcpCommand(argv),
  status: async (argv) => (await import("./cli/status.ts")).statusCommand(argv),
  export: async (argv) => (await import("./cli/export.ts")).exportCommand(argv),
  import: async (argv) => (await import("./cli/import.ts")).importCommand(argv),
  replay: async (argv) => (await import("./cli/replay.ts")).replayCommand(argv),
  judge: async (argv) => (await import("./cli/judge.ts")).judgeCommand(argv),
  compare: async (argv) => (await import("./cli/compare.ts")).compareCommand(argv),
  ...Object.fromEntries(CONTROL_VERBS.map((verb) => [verb, controlled(verb)])),
  translate: async (argv) => (await import("./cli/translate.ts")).translateCommand(argv),
};

async function main(argv: readonly string[]): Promise<number> {
  const [verb = "", ...rest] = argv;
  if (verb === "" || verb === "help" || verb === "--help" || verb === "-h" || rest.includes("--help")) {
    process.stdout.write(HELP);
    return verb === "" ? 2 : 0;
  }
  const command = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
  if (command !== undefined) return command(rest);
  process.stderr.write(`There is no verb "${verb}"; did you mean "${nearest(verb, Object.keys(VERBS))}"? \`parallax help\` lists all.\n`);
  return 2;
}

process.exitCode = await main(process.argv.slice(2));
