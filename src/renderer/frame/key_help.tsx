// All keys, on `?`.
import { Modal } from "@mantine/core";
import type { ReactElement } from "react";
import { strings } from "../strings.ts";

export function KeyHelp({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }): ReactElement {
  return (
    <Modal opened={opened} onClose={onClose} title={strings.keys.title} transitionProps={{ duration: 0 }} size={420} centered={false}>
      <table className="key-table">
        <tbody>
          {strings.keys.all.map(({ keys, label }) => (
            <tr key={label}>
              <td>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </td>
              <td>{label}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Modal>
  );
}
