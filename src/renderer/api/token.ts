// What a write over HTTP carries: the token that the page was served with.

/** Headers of a request; none where the page has no token. */
export function tokenHeaders(): Record<string, string> {
  const token = document.querySelector<HTMLMetaElement>('meta[name="parallax-token"]')?.content ?? "";
  return token === "" ? {} : { authorization: `Bearer ${token}` };
}
