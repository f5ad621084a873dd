// What the palette finds: commands of what is open, pages, filters, indices, sessions, an exchange by its number.
import { type CommandId, commandOf } from "../frame/commands.ts";
import { strings } from "../strings.ts";
import { QUICK_FILTERS } from "../traffic/quick_filters.ts";
import { fitOf } from "./fuzzy.ts";

const WORDS = strings.palette;
/** The most that are listed: what is further down is found by another letter. */
const MOST = 50;

export interface Entry {
  readonly id: string;
  readonly group: string;
  readonly label: string;
  /** A path, a filter: shown after the label, and searched. */
  readonly detail?: string;
  readonly key?: string | undefined;
  readonly run: () => void;
}

export interface Findable {
  readonly given: readonly (readonly [id: CommandId, run: () => void])[];
  readonly keptFilters: readonly string[];
  readonly indices: readonly string[];
  /** Files of sessions, the newest first. */
  readonly sessions: readonly string[];
  readonly filterBy: (filter: string) => void;
  readonly openExchange: (id: number) => void;
  readonly openSession: (file: string) => void;
}

/** Moves in the list make no sense from here: the list is behind the palette. */
const NOT_HERE: ReadonlySet<CommandId> = new Set(["palette", "nextRow", "previousRow", "nextScreen", "previousScreen", "leave"]);

function everyEntry(from: Findable): readonly Entry[] {
  const filter = (id: string, group: string, label: string, text: string): Entry => {
    return { id: `filter ${id}`, group, label, detail: text, run: () => from.filterBy(text) };
  };
  return [
    ...from.given
      .filter(([id]) => !NOT_HERE.has(id))
      .map(([id, run]) => {
        const { group, keys } = commandOf(id);
        return { id, group: strings.commandGroups[group], label: strings.commands[id], key: keys?.[0], run };
      }),
    ...from.keptFilters.map((text) => filter(text, WORDS.groups.kept, text, text)),
    ...QUICK_FILTERS.map((quick) => filter(quick.id, WORDS.groups.filters, quick.label, quick.filter)),
    ...from.indices.map((name) =>
      filter(name, WORDS.groups.indices, name, `~index ${/^[\w.*-]+$/.test(name) ? name : JSON.stringify(name)}`),
    ),
    ...from.sessions.map((file) => ({
      id: `session ${file}`,
      group: WORDS.groups.sessions,
      label: file.split(/[\\/]/).at(-1) ?? file,
      detail: file,
      run: () => from.openSession(file),
    })),
  ];
}

/** What fits, the groups of the best fits first; all commands while nothing is typed. */
export function entriesFor(typed: string, from: Findable): readonly Entry[] {
  const text = typed.trim();
  const direct = directEntry(text, from);
  const fits = everyEntry(from)
    .flatMap((entry) => {
      const byLabel = fitOf(text, entry.label);
      const byDetail = entry.detail === undefined ? null : fitOf(text, `${entry.label} ${entry.detail}`);
      const fit = byLabel ?? (byDetail === null ? null : byDetail / 2);
      return fit === null ? [] : [{ entry, fit }];
    })
    .toSorted((a, b) => (text === "" ? 0 : b.fit - a.fit))
    .map(({ entry }) => entry)
    .slice(0, MOST);
  const groups = Map.groupBy(direct === null ? fits : [direct, ...fits], ({ group }) => group);
  return [...groups.values()].flat();
}

/** What was typed is itself a filter, or the number of an exchange. */
function directEntry(text: string, from: Findable): Entry | null {
  const id = /^#?([0-9]{1,15})$/.exec(text)?.[1];
  const group = WORDS.groups.go;
  if (id !== undefined) return { id: "exchange", group, label: WORDS.exchange(id), run: () => from.openExchange(Number(id)) };
  if (text.startsWith("~") || text.startsWith("!"))
    return { id: "typed", group, label: WORDS.filterBy(text), run: () => from.filterBy(text) };
  return null;
}
