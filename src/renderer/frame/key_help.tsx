// All keys, on `?`, as the table of commands has them.
import { Modal } from "@mantine/core";
import type { ReactElement } from "react";
import { strings } from "../strings.ts";
import { COMMAND_GROUPS, COMMAND_IDS, type CommandGroup, commandOf, shownKeys } from "./commands.ts";

export function KeyHelp({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }): ReactElement {
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
          <KeysOf key={group} group={group} />
        ))}
      </div>
    </Modal>
  );
}

function KeysOf({ group }: { readonly group: CommandGroup }): ReactElement | null {
  const members = COMMAND_IDS.flatMap((id) => {
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
