// The window's files for a browser: what `vite build` wrote, with the token in the page and a strict policy around it.
import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".json": "application/json",
  ".map": "application/json",
  ".woff2": "font/woff2",
};

export const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:; font-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
  readonly immutable: boolean;
}

/** The file that `path` (a URL path) names under `folder`; undefined when there is none. `/` is the page itself. */
export async function readPage(folder: string, path: string, token: string | null): Promise<PageFile | undefined> {
  const name = path === "/" ? "index.html" : decoded(path.slice(1));
  const file = normalize(join(folder, name));
  if (!file.startsWith(folder + sep)) return undefined;
  const type = TYPES[extname(file)];
  if (type === undefined) return undefined;
  try {
    const body = await readFile(file);
    const isPage = name === "index.html";
    return { type, body: isPage ? withToken(body, token) : body, immutable: path.startsWith("/assets/") };
  } catch {
    return undefined;
  }
}

// A name that can't be decoded names no file.
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return "";
  }
}

function withToken(page: Buffer, token: string | null): Buffer {
  const meta = `<meta name="parallax-token" content="${token ?? ""}">`;
  return Buffer.from(page.toString("utf8").replace("</head>", `${meta}</head>`));
}
