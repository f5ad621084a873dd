// First run as a panel under the list: the sample is playing; this says what it is and how to see one's own traffic.
import { type ReactElement, useState, useSyncExternalStore } from "react";
import { useCall } from "../api/hooks.ts";
import { strings } from "../strings.ts";
import { IconButton } from "../ui/controls.tsx";
import { type StartChoice, StartChoices } from "./choices.tsx";
import { HostsLine } from "./start_page.tsx";
import "./first_run.css";

const KEY = "parallax.welcome";
const listeners = new Set<() => void>();

/** The panel is not shown again in this browser tab. */
export function dismissWelcome(): void {
  sessionStorage.setItem(KEY, "seen");
  for (const listener of listeners) listener();
}

function useDismissed(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => sessionStorage.getItem(KEY) !== null,
  );
}

export function WelcomePanel(): ReactElement | null {
  const status = useCall("status.get", {}, { staleMs: 30_000 }).data;
  const dismissed = useDismissed();
  const [chosen, setChosen] = useState<StartChoice>("sample");
  if (status?.welcome !== true || dismissed) return null;
  return (
    <aside className="welcome" aria-label={strings.start.how}>
      <div className="welcome-head line-up">
        <b className="b">{strings.start.panelTitle}</b>
        <span className="mut s2 cut">{strings.start.panelText}</span>
        <span className="grow" />
        <IconButton icon="close" label={strings.close} onClick={dismissWelcome} />
      </div>
      <StartChoices status={status} chosen={chosen} onChoose={setChosen} onStarted={dismissWelcome} />
      <div className="welcome-point">
        <span className="s2 b nowrap">{strings.start.pointHere}</span>
        <HostsLine port={status.proxy.port} />
      </div>
    </aside>
  );
}
