// `parallax://exchange/ID`: a place in the window, as another program or a document names it. Anybody can make such a link: it shows
// something and never does anything.

export const LINK_SCHEME = "parallax";

/** The part of the page's address after `#`; null for what is no link of ours. */
export function placeOfLink(link: string): string | null {
  const id = /^parallax:\/\/exchange\/([0-9]{1,15})\/?$/i.exec(link)?.[1];
  return id === undefined ? null : `#/exchange/${Number(id)}`;
}
