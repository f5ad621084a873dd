// Settings: what the config file says, what flags say over it, and what is taken at the next start.
import { type ReactElement, useState } from "react";
import { parseJson } from "../../shared/json.ts";
import type { Setting } from "../../shared/settings.ts";
import { messageOf } from "../../shared/thrown.ts";
import { useCall, useReplacing } from "../api/hooks.ts";
import { RememberedNoiseBlock } from "../noise/remembered_noise.tsx";
import { strings } from "../strings.ts";
import { Block } from "../ui/block.tsx";
import { AwaitedPage } from "../ui/state.tsx";
import { VerdictRulesBlock } from "../verdict_rules/verdict_rules_block.tsx";
import { SettingRow } from "./setting_row.tsx";
import "./settings.css";

const WORDS = strings.settings;

export function SettingsPage(): ReactElement {
  const state = useCall("settings.get", {});
  const { run, error } = useReplacing<"settings.set" | "settings.upload">("settings.get");
  const [notice, setNotice] = useState("");
  if (state.data === undefined) return <AwaitedPage page="settings" title={WORDS.unavailable} query={state} />;
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
        <div className="two-columns">
          {inHalves(grouped(state.data.settings)).map((half) => (
            <div key={half[0]?.[0]}>
              {half.map(([group, settings]) => (
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
          ))}
        </div>
        <VerdictRulesBlock />
        <RememberedNoiseBlock />
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

/** By the first part of the key, in the order of their first setting; what has no section comes first. */
function grouped(settings: readonly Setting[]): readonly (readonly [string, readonly Setting[]])[] {
  const groups = new Map<string, Setting[]>([["", []]]);
  for (const setting of settings) {
    const group = setting.key.includes(".") ? setting.key.slice(0, setting.key.indexOf(".")) : "";
    groups.set(group, [...(groups.get(group) ?? []), setting]);
  }
  return [...groups];
}

type Groups = ReturnType<typeof grouped>;

/** The groups as two columns of about the same height, in their order. */
function inHalves(groups: Groups): readonly Groups[] {
  const all = groups.reduce((sum, [, settings]) => sum + settings.length, 0);
  let before = 0;
  const at = groups.findIndex(([, settings]) => {
    before += settings.length;
    return before >= all / 2;
  });
  return [groups.slice(0, at + 1), groups.slice(at + 1)].filter((half) => half.length > 0);
}
