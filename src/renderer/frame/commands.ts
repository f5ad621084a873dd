// All that can be done by a key or by the palette: one table. Labels are in strings/commands.ts; what a command does now is
// told by the part of the page that is open (`useCommands`).

/** Where the help and the palette list a command. */
export const COMMAND_GROUPS = ["list", "exchange", "index", "sql", "pages", "session", "proxy", "colours", "window", "start"] as const;
export type CommandGroup = (typeof COMMAND_GROUPS)[number];

export interface Command {
  readonly group: CommandGroup;
  /** Any of these: a key as the browser names it (`j`, `N`, `Escape`), two in turn (`g t`), or one with Ctrl or Cmd (`Mod+k`). */
  readonly keys?: readonly string[];
}

export const COMMANDS = {
  nextRow: { group: "list", keys: ["j", "ArrowDown"] },
  previousRow: { group: "list", keys: ["k", "ArrowUp"] },
  nextScreen: { group: "list", keys: ["PageDown"] },
  previousScreen: { group: "list", keys: ["PageUp"] },
  firstRow: { group: "list", keys: ["Home"] },
  lastRow: { group: "list", keys: ["End"] },
  nextMismatch: { group: "list", keys: ["n"] },
  previousMismatch: { group: "list", keys: ["N"] },
  filter: { group: "list", keys: ["/"] },
  clearFilter: { group: "list" },
  saveFilter: { group: "list" },
  pause: { group: "list" },
  shareList: { group: "list" },
  tick: { group: "list", keys: ["x", " "] },
  tickRange: { group: "list", keys: ["X"] },
  shareTicked: { group: "list", keys: ["S"] },
  clearTicks: { group: "list" },
  openAlone: { group: "list", keys: ["Enter"] },
  leave: { group: "list", keys: ["Escape"] },

  diff: { group: "exchange", keys: ["d"] },
  resend: { group: "exchange", keys: ["r"] },
  editRequest: { group: "exchange" },
  pin: { group: "exchange", keys: ["p"] },
  comment: { group: "exchange", keys: ["c"] },
  probe: { group: "exchange" },
  shrink: { group: "exchange" },
  share: { group: "exchange", keys: ["s"] },
  sameShape: { group: "exchange" },
  copyCurl: { group: "exchange", keys: ["y"] },
  copyConsole: { group: "exchange" },
  copyFetch: { group: "exchange" },
  copyHttpie: { group: "exchange" },
  tabOverview: { group: "exchange", keys: ["1"] },
  tabRequest: { group: "exchange", keys: ["2"] },
  tabResponses: { group: "exchange", keys: ["3"] },
  tabTranslation: { group: "exchange", keys: ["4"] },
  tabProfile: { group: "exchange", keys: ["5"] },
  tabRaw: { group: "exchange", keys: ["6"] },

  backfill: { group: "index", keys: ["b"] },
  reconcile: { group: "index", keys: ["c"] },
  indexMode: { group: "index", keys: ["m"] },

  editSql: { group: "sql", keys: ["e"] },
  runSql: { group: "sql", keys: ["Mod+Enter"] },
  searchBody: { group: "sql", keys: ["Mod+f"] },

  goTraffic: { group: "pages", keys: ["g t"] },
  goCompare: { group: "pages", keys: ["g c"] },
  goIndices: { group: "pages", keys: ["g i"] },
  goPipes: { group: "pages", keys: ["g p"] },
  goSql: { group: "pages", keys: ["g q"] },
  goStatistics: { group: "pages", keys: ["g a"] },
  goRules: { group: "pages", keys: ["g r"] },
  goKibana: { group: "pages", keys: ["g k"] },
  goIntercept: { group: "pages", keys: ["g x"] },
  goProfiles: { group: "pages", keys: ["g f"] },
  goStatus: { group: "pages", keys: ["g s"] },
  goSettings: { group: "pages", keys: ["g ,"] },
  goStart: { group: "pages", keys: ["g g"] },

  openSession: { group: "session" },
  saveSession: { group: "session" },
  liveSession: { group: "session" },
  sampleSession: { group: "session" },
  writeDump: { group: "session" },

  modeTap: { group: "proxy" },
  modeCompare: { group: "proxy" },
  modeClickhouse: { group: "proxy" },
  startProxy: { group: "proxy" },
  stopProxy: { group: "proxy" },

  coloursAuto: { group: "colours" },
  coloursLight: { group: "colours" },
  coloursDark: { group: "colours" },
  coloursContrast: { group: "colours" },

  palette: { group: "window", keys: ["Mod+k"] },
  help: { group: "window", keys: ["?"] },
  quit: { group: "window" },

  chooseConnect: { group: "start", keys: ["1"] },
  chooseSample: { group: "start", keys: ["2"] },
  chooseFile: { group: "start", keys: ["3"] },
} as const satisfies Readonly<Record<string, Command>>;

export type CommandId = keyof typeof COMMANDS;

export const COMMAND_IDS: readonly CommandId[] = Object.keys(COMMANDS).filter(isCommand);

function isCommand(name: string): name is CommandId {
  return Object.hasOwn(COMMANDS, name);
}

export function commandOf(id: CommandId): Command {
  return COMMANDS[id];
}

const SHOWN: Readonly<Record<string, string>> = {
  ArrowDown: "↓",
  ArrowUp: "↑",
  Escape: "Esc",
  PageDown: "Page ↓",
  PageUp: "Page ↑",
  " ": "Space",
};

const HELD = typeof navigator !== "undefined" && /Mac/.test(navigator.platform) ? "⌘" : "Ctrl";

/** A key as it stands on a keyboard, a word for each press: `Mod+k` is Ctrl and K. */
export function shownKeys(key: string): readonly string[] {
  const parts = key.startsWith("Mod+") ? [HELD, capital(key.slice(4))] : key === " " ? [key] : key.split(" ");
  return parts.map((part) => SHOWN[part] ?? part);
}

/** A command's first key, as `shownKeys` shows it; nothing where it has none. */
export function keysOf(id: CommandId): readonly string[] {
  const key = commandOf(id).keys?.[0];
  return key === undefined ? [] : shownKeys(key);
}

/** What a control does, with the command's key in brackets: `Next mismatch (n)`. */
export function withKey(label: string, of: CommandId): string {
  const keys = keysOf(of);
  return keys.length === 0 ? label : `${label} (${keys.join(" ")})`;
}

function capital(key: string): string {
  return key.length === 1 ? key.toUpperCase() : key;
}
