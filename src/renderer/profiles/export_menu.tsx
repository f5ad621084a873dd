// The ways out of a profile: a file of each format, one self-contained page, and speedscope.
import { Menu } from "@mantine/core";
import type { ReactElement } from "react";
import type { ProfileInfo } from "../../shared/profiles.ts";
import { useCall } from "../api/hooks.ts";
import { strings } from "../strings.ts";
import { Icon } from "../ui/icon.tsx";

const WORDS = strings.profiles;

export function ExportMenu({ info }: { readonly info: ProfileInfo }): ReactElement {
  const served = useCall("status.get", {}, { staleMs: 30_000 }).data?.interface.url ?? "";
  // In the desktop app the page is a file.
  const base = location.protocol === "file:" ? served : location.origin;
  const [format] = info.formats;
  const file = `${base}/api/profiles/${encodeURIComponent(info.id)}`;
  const viewer = `${base}/speedscope/index.html#${new URLSearchParams({ profileURL: `${file}?format=${format ?? ""}`, title: info.title })}`;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <button type="button" className="btn small">
          {WORDS.download}
          <Icon name="down" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {info.formats.map((name) => (
          <Menu.Item key={name} component="a" href={`${file}?format=${name}`} download={info.id + WORDS.formats[name][1]}>
            <Entry words={[`${name}`, WORDS.formats[name][0]]} ending={WORDS.formats[name][1]} />
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item component="a" href={viewer} target="_blank" rel="noreferrer">
          <Entry words={WORDS.speedscope} ending="" />
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Entry({ words, ending }: { readonly words: readonly [string, string]; readonly ending: string }): ReactElement {
  return (
    <span className="profiles-entry">
      <span>
        {words[0]} <span className="mut">{words[1]}</span>
      </span>
      <span className="mono mut">{ending}</span>
    </span>
  );
}
