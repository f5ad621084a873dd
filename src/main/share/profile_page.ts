// A kept profile as one HTML file: the flame graph of the page, with the profile in it.
import type { ProfileInfo } from "../../shared/profiles.ts";
import { type PageOptions, sharedPage } from "./shared_page.ts";

interface ProfilePageOptions extends Pick<PageOptions, "page" | "version"> {
  /** Folders of this machine are taken out of the names of files. */
  readonly hosts: boolean;
}

/** `text`: Chrome's form. Throws where the page is not built. */
export function profilePage(text: string, info: ProfileInfo, { page, version, hosts }: ProfilePageOptions): AsyncIterable<string> {
  const clean = hosts ? text.replace(/(file:\/\/)?\/(?:home|Users|root|work|tmp|opt|usr|var)(?:\/[^"\\/:]+)*\//g, "") : text;
  return sharedPage(null, { page, version, title: info.title, answers: { profile: { info, text: clean } } });
}
