// The page's own protocol: `app://parallax/index.html`. Not file://, which may read every file of the user; the page has an origin of its own,
// gets nothing but what the build wrote into one folder, and each answer carries the strict policy.
import { CONTENT_SECURITY_POLICY, readPage } from "../contract/page.ts";

export const PAGE_SCHEME = "app";
export const PAGE_ORIGIN = `${PAGE_SCHEME}://parallax`;
export const PAGE_URL = `${PAGE_ORIGIN}/index.html`;

/** To be registered before the app is ready. */
export const PAGE_PRIVILEGES = Object.freeze({
  scheme: PAGE_SCHEME,
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
});

const HEADERS = Object.freeze({
  "content-security-policy": CONTENT_SECURITY_POLICY,
  "x-content-type-options": "nosniff",
  "cross-origin-opener-policy": "same-origin",
  "referrer-policy": "no-referrer",
});

/** What the page's protocol answers. The page needs no token here: it calls by IPC. */
export async function answerPage(folder: string, { url, method }: { readonly url: string; readonly method: string }): Promise<Response> {
  const parsed = URL.parse(url);
  const ours = parsed !== null && parsed.protocol === `${PAGE_SCHEME}:` && parsed.host === "parallax" && parsed.username === "";
  const file = ours && method === "GET" ? await readPage(folder, parsed.pathname, null) : undefined;
  if (file === undefined) return new Response("Not found.", { status: 404, headers: HEADERS });
  return new Response(new Uint8Array(file.body), { headers: { ...HEADERS, "content-type": file.type } });
}
