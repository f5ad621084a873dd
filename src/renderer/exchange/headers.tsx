// Headers as sent: order, case and duplicates kept.
import type { ReactElement } from "react";
import type { HeaderPairs } from "../../shared/exchange.ts";

export function Headers({ headers, label }: { readonly headers: HeaderPairs; readonly label: string }): ReactElement {
  return (
    <table className="headers mono" aria-label={label}>
      <tbody>
        {headers.map(([name, value], i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a header may be there twice with the same value
          <tr key={i}>
            <td className="dim">{name}</td>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
