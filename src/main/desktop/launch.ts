// What the app was started with: flags of `parallax serve`, and what the system hands over beside them: a session file that was double-clicked,
// a link that was followed, the start at log-in.
import { resolve } from "node:path";
import { OPTIONS } from "../config/option_table.ts";
import { LINK_SCHEME } from "./deep_link.ts";

/** Files that the app says it opens. */
export const SESSION_EXTENSIONS: readonly string[] = ["parallax", "har"];
/** Given by the login item: the tray alone, no window. */
export const HIDDEN_FLAG = "--hidden";

export interface Launch {
  readonly flags: readonly string[];
  readonly files: readonly string[];
  readonly links: readonly string[];
  readonly hidden: boolean;
}

/** Takes the arguments after the program's (and, in development, the app's) apart. `folder`: where they were given. */
export function readLaunch(args: readonly string[], folder: string): Launch {
  const flags: string[] = [];
  const files: string[] = [];
  const links: string[] = [];
  let hidden = false;
  for (const [at, arg] of args.entries()) {
    // Whatever it looks like, it belongs to the flag before it.
    if (takesValue(args[at - 1])) flags.push(arg);
    else if (arg === HIDDEN_FLAG) hidden = true;
    else if (arg.toLowerCase().startsWith(`${LINK_SCHEME}://`)) links.push(arg);
    else if (isSessionFile(arg)) files.push(resolve(folder, arg));
    else flags.push(arg);
  }
  return { flags, files, links, hidden };
}

/** By its name. */
export function isSessionFile(name: string): boolean {
  const ending = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase();
  return !name.startsWith("-") && ending !== undefined && SESSION_EXTENSIONS.includes(ending);
}

function takesValue(arg: string | undefined): boolean {
  if (arg === undefined || !arg.startsWith("--") || arg.includes("=")) return false;
  const name = arg.slice(2);
  return name === "data" || OPTIONS.some(({ flag, kind }) => flag === name && kind !== "boolean");
}

/** What a second start told the first one. */
export function launchOf(told: unknown): Launch | null {
  if (typeof told !== "object" || told === null || !("args" in told) || !("folder" in told)) return null;
  const { args, folder } = told;
  if (!Array.isArray(args) || typeof folder !== "string") return null;
  return readLaunch(
    args.filter((arg) => typeof arg === "string"),
    folder,
  );
}
