// All keys, on `?`, as the table of commands has them.
import { Modal } from "@mantine/core";
import type { ReactElement } from "react";
import { strings } from "../strings.ts";
import { COMMAND_GROUPS, COMMAND_IDS, type CommandGroup, type CommandId, commandOf, shownKeys } from "./commands.ts";

interface KeyHelpProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** The commands that there are; absent: all. */
  readonly only?: readonly CommandId[];
}

export function KeyHelp({ opened, onClose, only = COMMAND_IDS }: KeyHelpProps): ReactElement {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={strings.keys.title}
      closeButtonProps={{ "aria-label": strings.close }}
      transitionProps={{ duration: 0 }}
      size={760}
      centered={false}
    >
      <div className="key-tables">
        {COMMAND_GROUPS.map((group) => (
          <KeysOf key={group} group={group} ids={only} />
        ))}
      </div>
    </Modal>
  );
}

function KeysOf({ group, ids }: { readonly group: CommandGroup; readonly ids: readonly CommandId[] }): ReactElement | null {
  const members = ids.flatMap((id) => {
    const { group: own, keys } = commandOf(id);
    return own === group && keys !== undefined ? [{ id, keys }] : [];
  });
  if (members.length === 0) return null;
  return (
    <table className="key-table">
      <caption>{strings.commandGroups[group]}</caption>
      <tbody>
        {members.map(({ id, keys }) => (
          <tr key={id}>
            <td>
              {keys.flatMap(shownKeys).map((key, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: `g g` is one key twice
                <kbd key={`${key} ${i}`}>{key}</kbd>
              ))}
            </td>
            <td>{strings.commands[id]}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
