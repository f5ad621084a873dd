// The key of a command, wherever a control or a foot names it: as the table of commands has it, so that none says another.
import type { ReactElement } from "react";
import { strings } from "../strings.ts";
import { type CommandId, keysOf } from "./commands.ts";

/** Nothing for a command without a key. */
export function CommandKey({ of }: { readonly of: CommandId }): ReactElement {
  return (
    <>
      {keysOf(of).map((key, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: `g g` is one key twice
        <kbd key={`${key} ${i}`}>{key}</kbd>
      ))}
    </>
  );
}

interface FootKeysProps {
  /** Commands that share a word stand together, e.g. next and previous. */
  readonly commands: readonly (readonly [CommandId, ...CommandId[]])[];
}

/** The keys of a page at the right of its foot, each with the short word of its first command. */
export function FootKeys({ commands }: FootKeysProps): ReactElement {
  return (
    <div className="keys">
      {commands.map((members) => (
        <span key={members[0]}>
          {members.map((id) => (
            <CommandKey key={id} of={id} />
          ))}
          {strings.shortCommands[members[0]] ?? strings.commands[members[0]]}
        </span>
      ))}
    </div>
  );
}
