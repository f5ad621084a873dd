// Verbs that steer the Parallax that runs, as its tray and its window do: start, stop, mode, intercept, open, quit.
import { resolve } from "node:path";
import type { Mode, Status } from "../../shared/contract.ts";
import { isMode } from "../routing/rules.ts";
import { openBrowser } from "./open_browser.ts";
import { VerbFailure } from "./running_parallax.ts";
import { readVerbOptions, runVerb, type VerbOptions } from "./verb_options.ts";

type Steer = (options: VerbOptions, argument: string | undefined) => Promise<string>;

/** Runs the verb; returns the exit code. */
export function controlCommand(verb: ControlVerb, argv: readonly string[]): Promise<number> {
  return runVerb(verb, async () => {
    const options = readVerbOptions(verb, argv, OWN_FLAGS[verb] ?? {});
    const [argument] = options.names;
    const extra = options.names[TAKES_ONE.includes(verb) ? 1 : 0];
    if (extra !== undefined)
      throw new VerbFailure(2, `${JSON.stringify(extra)} is one too many. \`parallax help\` lists what ${verb} takes.`);
    process.stdout.write(`${await VERBS[verb](options, argument)}\n`);
    return 0;
  });
}

export type ControlVerb = "start" | "stop" | "mode" | "intercept" | "open" | "quit";

const TAKES_ONE: readonly ControlVerb[] = ["mode", "intercept", "open"];

const OWN_FLAGS: Partial<Record<ControlVerb, Readonly<Record<string, "string" | "boolean">>>> = {
  open: { recent: "boolean", live: "boolean", sample: "boolean" },
};

const VERBS: Readonly<Record<ControlVerb, Steer>> = {
  start: async ({ parallax }) => proxyLine(await parallax.call("proxy.set", { running: true })),
  stop: async ({ parallax }) => proxyLine(await parallax.call("proxy.set", { running: false })),
  mode: async ({ parallax }, mode) => {
    if (mode === undefined) return (await parallax.call("status.get", {})).mode;
    return (await parallax.call("proxy.set", { mode: modeOf(mode) })).mode;
  },
  intercept: async ({ parallax }, word) => {
    if (word !== undefined && word !== "on" && word !== "off")
      throw new VerbFailure(2, `intercept is on or off, not ${JSON.stringify(word)}.`);
    const status = await (word === undefined ? parallax.call("status.get", {}) : parallax.call("intercept.set", { on: word === "on" }));
    return status.intercept.on ? `the intercept proxy listens at ${status.intercept.url}` : "the intercept proxy is off";
  },
  open: openSession,
  quit: async ({ parallax }) => {
    await parallax.call("app.quit", {});
    return "Parallax ends";
  },
};

async function openSession({ parallax, has }: VerbOptions, file: string | undefined): Promise<string> {
  if (has("recent")) return (await parallax.call("session.recent", {})).map((session) => `${session.opened}  ${session.file}`).join("\n");
  if (has("live")) return sessionLine(await parallax.call("session.close", {}));
  if (has("sample")) return sessionLine(await parallax.call("session.sample", {}));
  if (file !== undefined) return sessionLine(await parallax.call("session.open", { file: resolve(file) }));
  const { url } = (await parallax.call("status.get", {})).interface;
  openBrowser(url);
  return url;
}

function proxyLine({ running, proxy, mode }: Status): string {
  return running ? `listening at ${proxy.url}, mode ${mode}` : "stopped: clients are refused";
}

function sessionLine({ session }: Status): string {
  return session.readOnly ? `shows ${session.file}` : `shows ${session.name}`;
}

function modeOf(text: string): Mode {
  if (isMode(text)) return text;
  throw new VerbFailure(2, `There is no mode ${JSON.stringify(text)}; there are tap, compare and clickhouse.`);
}
