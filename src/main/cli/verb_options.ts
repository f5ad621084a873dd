// Flags of the verbs that ask a running Parallax.
import { parseArgs } from "node:util";
import { nearest } from "../config/nearest.ts";
import { DEFAULT_UI_PORT, RunningParallax, VerbFailure } from "./running_parallax.ts";

type Kind = "string" | "boolean";

export interface VerbOptions {
  readonly parallax: RunningParallax;
  readonly names: readonly string[];
  text(flag: string): string | null;
  has(flag: string): boolean;
  /** A whole number from 1; null when not given. */
  number(flag: string): number | null;
}

const COMMON: Readonly<Record<string, Kind>> = { "ui-port": "string", token: "string" };

/** Throws VerbFailure (2) that names the wrong flag and the nearest right one. */
export function readVerbOptions(verb: string, argv: readonly string[], own: Readonly<Record<string, Kind>>): VerbOptions {
  const known = { ...COMMON, ...own };
  for (const arg of argv) {
    const flag = arg.startsWith("--") ? (arg.slice(2).split("=", 1)[0] ?? "") : null;
    if (flag === null || flag === "" || Object.hasOwn(known, flag)) continue;
    throw new VerbFailure(
      2,
      `There is no flag --${flag}; did you mean --${nearest(flag, Object.keys(known))}? \`parallax help\` lists all.`,
    );
  }
  const { values, positionals } = parsed(verb, argv, known);
  const text = (flag: string): string | null => {
    const value = values[flag];
    return typeof value === "string" ? value : null;
  };
  const number = (flag: string): number | null => {
    const value = text(flag);
    if (value === null) return null;
    if (/^[1-9]\d{0,8}$/.test(value)) return Number(value);
    throw new VerbFailure(2, `--${flag} is "${value}"; it must be a whole number from 1.`);
  };
  const port = number("ui-port") ?? DEFAULT_UI_PORT;
  if (port > 65_535) throw new VerbFailure(2, `--ui-port is ${port}; it must be a port from 1 to 65535.`);
  const parallax = new RunningParallax(port, text("token") ?? process.env.PARALLAX_TOKEN ?? null);
  return { parallax, names: positionals, text, number, has: (flag) => values[flag] === true };
}

function parsed(verb: string, argv: readonly string[], known: Readonly<Record<string, Kind>>) {
  try {
    const options = Object.fromEntries(Object.entries(known).map(([flag, type]) => [flag, { type }]));
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new VerbFailure(2, `${error instanceof Error ? error.message : String(error)} \`parallax help\` lists the flags of ${verb}.`);
  }
}

/** Runs a verb; prints why it can't go on. Returns the exit code. */
export async function runVerb(verb: string, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof VerbFailure)) throw error;
    process.stderr.write(`parallax ${verb}: ${error.message}\n`);
    return error.exitCode;
  }
}
