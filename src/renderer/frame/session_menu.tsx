// The session's name is its menu: open a file, save as, the sample, how to start; and the window's colours.
import { Menu, useMantineColorScheme } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactElement, type ReactNode, useState } from "react";
import type { Status } from "../../shared/contract.ts";
import { invalidate, useAction, useCall } from "../api/hooks.ts";
import { go, useRoute } from "../route.ts";
import { strings } from "../strings.ts";
import { setContrast, useContrast } from "../theme/contrast.ts";
import { bytes } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { useCommands } from "./keys.ts";
import { ChooseFile, useOpenFile } from "./open_file.tsx";

type Asking = "open" | "save" | null;

export function SessionMenu({ status, figures }: { readonly status: Status; readonly figures: string }): ReactElement {
  const [asking, setAsking] = useState<Asking>(null);
  const sample = useAction("session.sample");
  const close = useAction("session.close");
  const quit = useAction("app.quit");
  const scheme = useMantineColorScheme();
  const contrast = useContrast();
  const dump = useDump();
  useCommands({
    openSession: () => setAsking("open"),
    saveSession: () => setAsking("save"),
    liveSession: status.session.readOnly ? () => close.mutate({}) : undefined,
    sampleSession: () => sample.mutate({}),
    coloursAuto: () => scheme.setColorScheme("auto"),
    coloursLight: () => choose(scheme.setColorScheme, "light"),
    coloursDark: () => choose(scheme.setColorScheme, "dark"),
    coloursContrast: () => setContrast(!contrast),
    writeDump: dump.toggle,
    quit: () => quit.mutate({}),
  });
  return (
    <>
      {/* Within the bar: a pop-up of its own would be of no landmark. */}
      <Menu
        position="bottom-start"
        offset={6}
        transitionProps={{ duration: 0 }}
        withinPortal={false}
        withInitialFocusPlaceholder={false}
        alignItemsLabels="none"
        onClose={() => undefined}
      >
        <Menu.Target>
          <button type="button" className="session" title={status.session.file}>
            <b className="cut">{status.session.name}</b>
            <span className="cut medium">{figures}</span>
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => setAsking("open")}>{strings.session.open}</Menu.Item>
          <Menu.Item onClick={() => setAsking("save")}>{strings.session.saveAs}</Menu.Item>
          <ExportItem status={status} />
          <DumpItem />
          {status.session.readOnly ? <Menu.Item onClick={() => close.mutate({})}>{strings.session.live}</Menu.Item> : null}
          <Menu.Item onClick={() => sample.mutate({})}>{strings.session.sample}</Menu.Item>
          <Menu.Item onClick={() => go({ page: "start" })}>{strings.session.start}</Menu.Item>
          <RecentItems shown={status.session.file} />
          <MenuGroup label={strings.session.colours}>
            <Choice on={scheme.colorScheme === "auto" && !contrast} onChoose={() => scheme.setColorScheme("auto")}>
              {strings.session.auto}
            </Choice>
            <Choice on={scheme.colorScheme === "light" && !contrast} onChoose={() => choose(scheme.setColorScheme, "light")}>
              {strings.session.light}
            </Choice>
            <Choice on={scheme.colorScheme === "dark" && !contrast} onChoose={() => choose(scheme.setColorScheme, "dark")}>
              {strings.session.dark}
            </Choice>
            <Choice on={contrast} onChoose={() => setContrast(!contrast)}>
              {strings.session.contrast}
            </Choice>
          </MenuGroup>
          <Menu.Divider role="separator" />
          <Menu.Item onClick={() => quit.mutate({})}>{strings.session.quit}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {asking === null ? null : <FileForm asking={asking} onDone={() => setAsking(null)} />}
    </>
  );
}

const SHOWN = 5;

function RecentItems({ shown }: { readonly shown: string }): ReactElement | null {
  const recent = useCall("session.recent", {});
  const open = useAction("session.open");
  const sessions = (recent.data ?? []).slice(0, SHOWN);
  if (sessions.length === 0) return null;
  return (
    <MenuGroup label={strings.session.recent}>
      {sessions.map(({ file }) => (
        <Choice key={file} on={file === shown} title={file} onChoose={() => open.mutate({ file })}>
          {file.split(/[\\/]/).at(-1) ?? file}
        </Choice>
      ))}
    </MenuGroup>
  );
}

/** Items under a line that says what they are. */
function MenuGroup({ label, children }: { readonly label: string; readonly children: ReactNode }): ReactElement {
  return (
    <>
      <Menu.Divider role="separator" />
      <div role="group" aria-label={label}>
        <Menu.Label aria-hidden="true">{label}</Menu.Label>
        {children}
      </div>
    </>
  );
}

interface ChoiceProps {
  readonly on: boolean;
  readonly title?: string;
  readonly onChoose: () => void;
  readonly children: string;
}

/** One of several, of which one is chosen. */
function Choice({ on, title, onChoose, children }: ChoiceProps): ReactElement {
  return (
    <Menu.RadioItem
      value={children}
      checked={on}
      title={title}
      closeMenuOnClick
      onChange={onChoose}
      checkIcon={<Icon name="check" size={14} />}
    >
      {children}
    </Menu.RadioItem>
  );
}

/** The exchanges that the filter lets through, as a HAR without secrets. */
function ExportItem({ status }: { readonly status: Status }): ReactElement {
  const { filter } = useRoute();
  const query = filter === "" ? "" : `?${new URLSearchParams({ filter })}`;
  return (
    <Menu.Item component="a" href={`${status.interface.url}/api/har${query}`} download="parallax.har" style={{ textDecoration: "none" }}>
      {filter === "" ? strings.session.exportHar : strings.session.exportFiltered}
    </Menu.Item>
  );
}

/** Switches the writing of exchanges as text, of those that the filter lets through. */
function DumpItem(): ReactElement {
  const { on, filter, where, toggle } = useDump();
  return (
    <Menu.Item onClick={toggle} title={where}>
      {on ? strings.session.dumping(filter) : strings.session.dump}
    </Menu.Item>
  );
}

function useDump() {
  const client = useQueryClient();
  const { filter } = useRoute();
  const dump = useCall("dump.get", {});
  const set = useAction("dump.set");
  const on = dump.data?.on ?? false;
  const toggle = () => set.mutate({ on: !on, ...(filter === "" ? {} : { filter }) }, { onSuccess: () => invalidate(client, ["dump.get"]) });
  return { on, toggle, filter: dump.data?.filter ?? "", where: dump.data?.problem || dump.data?.file || undefined };
}

function choose(set: (scheme: "light" | "dark") => void, scheme: "light" | "dark"): void {
  setContrast(false);
  set(scheme);
}

/** In the bar itself: a file to choose, or a path that the engine reads or writes on its machine. */
function FileForm({ asking, onDone }: { readonly asking: "open" | "save"; readonly onDone: () => void }): ReactElement {
  const [file, setFile] = useState("");
  const open = useAction("session.open");
  const save = useAction("session.save");
  const opening = useOpenFile(onDone);
  const problem = opening.problem === "" ? (open.error ?? save.error)?.message : opening.problem;
  const submit = () => {
    if (asking === "open") open.mutate({ file }, { onSuccess: onDone });
    else save.mutate({ file });
  };
  return (
    <form
      className="line-up file-form"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onDone();
      }}
    >
      {asking === "open" ? <ChooseFile opening={opening} /> : null}
      <input
        // biome-ignore lint/a11y/noAutofocus: the form opens because someone asked for it
        autoFocus
        className="field"
        style={{ height: 28, width: 260 }}
        aria-label={strings.session.path}
        placeholder={asking === "open" ? strings.session.orPath : strings.session.saveHint}
        value={file}
        onChange={(event) => setFile(event.target.value)}
      />
      <button type="submit" className="btn small" disabled={file.trim() === "" || open.isPending || save.isPending}>
        {asking === "open" ? strings.session.openNow : strings.session.saveNow}
      </button>
      <button type="button" className="btn ghost small" onClick={onDone}>
        {strings.close}
      </button>
      {save.data === undefined ? null : <span className="s1 mut cut">{strings.session.saved(save.data.file, bytes(save.data.bytes))}</span>}
      {problem === undefined ? null : (
        <span className="s1 different cut" role="alert" title={problem}>
          {problem}
        </span>
      )}
    </form>
  );
}
