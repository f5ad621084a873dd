// The entries as they are set now, and changing them: they are kept in the config file and count at once.
import type { VerdictEntry } from "../../shared/verdict_rules.ts";
import { VERDICT_RULES_KEY } from "../../shared/verdict_rules.ts";
import { useCall, useReplacing } from "../api/hooks.ts";
import { entriesIn } from "./entries.ts";

export interface Entries {
  /** null: not known yet. */
  readonly entries: readonly VerdictEntry[] | null;
  /** A flag has given them: they can't be changed here. */
  readonly byFlag: boolean;
  /** Why the last change was refused. */
  readonly problem: string;
  readonly set: (entries: readonly VerdictEntry[], done?: () => void) => void;
}

export function useEntries(): Entries {
  const setting = useCall("settings.get", {}).data?.settings.find(({ key }) => key === VERDICT_RULES_KEY);
  const { run, error } = useReplacing<"settings.set">("settings.get");
  return {
    entries: setting === undefined ? null : entriesIn(setting.value),
    byFlag: setting?.from === "flag",
    problem: error?.message ?? "",
    set: (entries, done) => run("settings.set", { key: VERDICT_RULES_KEY, value: entries.length === 0 ? null : entries }, done),
  };
}
