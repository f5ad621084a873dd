// "Share…": opens the preview of what leaves. It and the preview's code come when someone asks.
import { lazy, type ReactElement, Suspense, useState } from "react";
import type { ShareOf } from "../../shared/share.ts";
import { useSharedFile } from "../api/shared_file.ts";
import { strings } from "../strings.ts";
import { Icon } from "../ui/icon.tsx";

const ShareDialog = lazy(() => import("./share_dialog.tsx").then((module) => ({ default: module.ShareDialog })));

export function ShareButton({ of, small = true }: { readonly of: ShareOf; readonly small?: boolean }): ReactElement | null {
  const [opened, setOpened] = useState(false);
  if (useSharedFile()) return null;
  return (
    <>
      <button type="button" className={`btn${small ? " small" : ""}`} aria-haspopup="dialog" onClick={() => setOpened(true)}>
        <Icon name="share" />
        {strings.share.open}
      </button>
      {opened ? (
        <Suspense fallback={null}>
          <ShareDialog of={of} onClose={() => setOpened(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
