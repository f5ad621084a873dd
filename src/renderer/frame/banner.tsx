// What is wrong now, in sentences, over the page that is open.
import type { ReactElement } from "react";
import { strings } from "../strings.ts";
import { Icon } from "../ui/icon.tsx";

export function Banners({ problems, connected }: { readonly problems: readonly string[]; readonly connected: boolean }): ReactElement {
  const all = connected ? problems : [strings.engine.lost, ...problems];
  return (
    <>
      {all.map((problem) => (
        <div key={problem} className="banner" role="alert">
          <Icon name="failed" />
          <span>{problem}</span>
        </div>
      ))}
    </>
  );
}

/** In the place of all others: soon nothing of them counts. */
export function EndingBanner(): ReactElement {
  return (
    <div className="banner calm" role="status">
      <Icon name="stop" />
      <span>{strings.ending}</span>
    </div>
  );
}
