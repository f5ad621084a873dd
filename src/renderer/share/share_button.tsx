// "Share…": opens the preview of what leaves. It and the preview's code come when someone asks.
import { lazy, type ReactElement, Suspense, useState } from "react";
import type { ShareFormat, ShareOf, ShareStart } from "../../shared/share.ts";
import { useSharedFile } from "../api/shared_file.ts";
import { useCommands } from "../frame/keys.ts";
import { strings } from "../strings.ts";
import { Icon } from "../ui/icon.tsx";

const ShareDialog = lazy(() => import("./share_dialog.tsx").then((module) => ({ default: module.ShareDialog })));

/** How a shared page presents itself. */
export interface SharedAs {
  readonly title?: string;
  readonly start?: ShareStart;
}

interface ShareButtonProps {
  readonly of: ShareOf;
  readonly small?: boolean;
  /** The command that does the same. */
  readonly command?: "share" | "shareList" | "shareTicked";
  /** The format that the dialog begins with. @default "html" */
  readonly format?: ShareFormat;
  readonly label?: string;
  /** What a page is called, and where it opens. @default the session's name, and its exchanges */
  readonly page?: SharedAs;
}

export function ShareButton({
  of,
  small = true,
  command,
  format = "html",
  label = strings.share.open,
  page = {},
}: ShareButtonProps): ReactElement | null {
  const [opened, setOpened] = useState(false);
  const shared = useSharedFile();
  useCommands(command === undefined || shared ? {} : { [command]: () => setOpened(true) });
  if (shared) return null;
  return (
    <>
      <button type="button" className={`btn${small ? " small" : ""}`} aria-haspopup="dialog" onClick={() => setOpened(true)}>
        <Icon name="share" />
        {label}
      </button>
      {opened ? (
        <Suspense fallback={null}>
          <ShareDialog of={of} begin={format} page={page} onClose={() => setOpened(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
