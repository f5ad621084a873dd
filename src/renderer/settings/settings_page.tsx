// Settings: what the config file says, what flags say over it, and what is taken at the next start.
import { useQueryClient } from "@tanstack/react-query";
import { type ReactElement, useState } from "react";
import type { RequestName, RequestOf } from "../../shared/contract.ts";
import { parseJson } from "../../shared/json.ts";
import type { Setting, SettingsState } from "../../shared/settings.ts";
import { messageOf } from "../../shared/thrown.ts";
import { ask } from "../api/ask.ts";
import { useCall, useTransport } from "../api/hooks.ts";
import { strings } from "../strings.ts";
import { Block } from "../ui/block.tsx";
import { LoadingBars, State } from "../ui/state.tsx";
import { SettingRow } from "./setting_row.tsx";
import "./settings.css";

const WORDS = strings.settings;

export function SettingsPage(): ReactElement {
  const state = useCall("settings.get", {});
  const { run, error } = useChange();
  const [notice, setNotice] = useState("");
  if (state.isError && state.data === undefined) {
    const again = { label: strings.again, run: () => void state.refetch() };
    return (
      <State title={WORDS.unavailable} action={again}>
        {state.error.message}
      </State>
    );
  }
  if (state.data === undefined) return <LoadingBars />;
  const upload = async (file: File): Promise<void> => {
    try {
      const config = parseJson(await file.text());
      run("settings.upload", { config }, () => setNotice(WORDS.uploaded));
    } catch (thrown) {
      setNotice(WORDS.notJson(file.name, messageOf(thrown)));
    }
  };
  return (
    <>
      <div className="page-head">
        <h1>{strings.pages.settings}</h1>
        <span className="s2 mut breakable">{WORDS.lead(state.data.file)}</span>
        <span className="grow" />
        <Upload onFile={(file) => void upload(file)} />
      </div>
      <div className="fill scroll settings-page">
        {state.data.keptBackByFile ? <p className="note">{WORDS.keptBackByFile}</p> : null}
        {error === null ? null : (
          <p className="note different" role="alert">
            {error.message}
          </p>
        )}
        {notice === "" ? null : <output className="note">{notice}</output>}
        {grouped(state.data.settings).map(([group, settings]) => (
          <Block key={group} title={WORDS.groups[group] ?? group}>
            {settings.map((setting) => (
              <SettingRow
                key={`${setting.key} ${JSON.stringify(setting.value)}`}
                setting={setting}
                onSet={(value) => run("settings.set", { key: setting.key, value })}
              />
            ))}
          </Block>
        ))}
      </div>
    </>
  );
}

function Upload({ onFile }: { readonly onFile: (file: File) => void }): ReactElement {
  return (
    <label className="btn small">
      {WORDS.upload}
      <input
        type="file"
        accept="application/json,.json"
        className="settings-upload"
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file !== undefined) onFile(file);
          event.target.value = "";
        }}
      />
    </label>
  );
}

/** What the file is changed by; the answer is shown at once, a refusal until the next. */
function useChange() {
  const client = useQueryClient();
  const transport = useTransport();
  const [error, setError] = useState<Error | null>(null);
  const run = <N extends Extract<RequestName, "settings.set" | "settings.upload">>(
    name: N,
    request: RequestOf<N>,
    done?: () => void,
  ): void => {
    ask(transport, name, request).then(
      (state: SettingsState) => {
        setError(null);
        client.setQueryData(["settings.get", {}], state);
        done?.();
      },
      (refused: Error) => setError(refused),
    );
  };
  return { run, error };
}

/** By the first part of the key, in the order of their first setting; what has no section comes first. */
function grouped(settings: readonly Setting[]): readonly (readonly [string, readonly Setting[]])[] {
  const groups = new Map<string, Setting[]>([["", []]]);
  for (const setting of settings) {
    const group = setting.key.includes(".") ? setting.key.slice(0, setting.key.indexOf(".")) : "";
    groups.set(group, [...(groups.get(group) ?? []), setting]);
  }
  return [...groups];
}
