// Whether pipes are to be kept back, after runs that did not end in order.
import type { ReactElement } from "react";
import type { SafeMode } from "../../shared/settings.ts";
import { useAction } from "../api/hooks.ts";
import { strings } from "../strings.ts";
import { Icon } from "../ui/icon.tsx";

const WORDS = strings.safeMode;

export function SafeModeBanner({ safeMode }: { readonly safeMode: SafeMode | undefined }): ReactElement | null {
  const enter = useAction("safe_mode.enter");
  const set = useAction("settings.set");
  if (safeMode === undefined || (safeMode.by === null && !safeMode.offered)) return null;
  const { by, crashes } = safeMode;
  const refused = enter.error ?? set.error;
  return (
    <div className="banner" role="alert">
      <Icon name="failed" />
      <span>{by === null ? WORDS.offered(crashes) : WORDS.on[by]}</span>
      {by === "setting" ? (
        <button
          type="button"
          className="btn small"
          onClick={() => set.mutate({ key: "task_manager.disable_pump_scheduler", value: false })}
        >
          {WORDS.leave}
        </button>
      ) : null}
      {by === null ? (
        <button type="button" className="btn small" onClick={() => enter.mutate({})}>
          {WORDS.enter}
        </button>
      ) : null}
      {refused === null ? null : <span className="different">{refused.message}</span>}
    </div>
  );
}
