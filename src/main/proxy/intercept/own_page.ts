// What the intercept proxy answers by itself: a page with the certificate and how to trust it, for whoever asks for
// http://parallax.local/ through it, or asks its port directly. Needs no script, and nothing from elsewhere.
import { X509Certificate } from "node:crypto";
import { type AuthorityFacts, trustSteps } from "../../../shared/intercept.ts";

interface Piece {
  readonly status: string;
  readonly type: string;
  readonly body: Buffer;
  readonly file?: string;
}

/** A whole HTTP response, the last one on its connection. `url`: the proxy's own, for the page. */
export function answerOwnPage(method: string, path: string, authority: () => AuthorityFacts, url: string): Buffer {
  const { status, type, body, file } = pieceOf(method, path.replace(/\?.*$/, ""), authority, url);
  const head = [
    `HTTP/1.1 ${status}`,
    `content-type: ${type}`,
    `content-length: ${body.length}`,
    ...(file === undefined ? [] : [`content-disposition: attachment; filename="${file}"`]),
    "content-security-policy: default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "x-content-type-options: nosniff",
    "cache-control: no-store",
    "connection: close",
  ];
  const text = Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1");
  return method === "HEAD" ? text : Buffer.concat([text, body]);
}

function pieceOf(method: string, path: string, authority: () => AuthorityFacts, url: string): Piece {
  if (method !== "GET" && method !== "HEAD") return plain("405 Method Not Allowed", "Only GET and HEAD are taken here.");
  switch (path) {
    case "/":
      return { status: "200 OK", type: "text/html; charset=utf-8", body: Buffer.from(page(authority(), url)) };
    case "/ca.pem":
      return { status: "200 OK", type: "application/x-pem-file", body: Buffer.from(authority().pem), file: "parallax-ca.pem" };
    case "/ca.crt":
      return {
        status: "200 OK",
        type: "application/x-x509-ca-cert",
        body: new X509Certificate(authority().pem).raw,
        file: "parallax-ca.crt",
      };
    default:
      return plain("404 Not Found", `There is no ${path} here: / has the certificate, as /ca.pem and /ca.crt, and how to trust it.`);
  }
}

function plain(status: string, text: string): Piece {
  return { status, type: "text/plain; charset=utf-8", body: Buffer.from(`${text}\n`) };
}

function page({ file, fingerprint, name, until }: AuthorityFacts, url: string): string {
  const steps = trustSteps(file, url, name).map(
    ({ platform, steps: sentences, commands, undo }) =>
      `<h3>${escaped(platform)}</h3>${sentences.map((sentence) => `<p>${escaped(sentence)}</p>`).join("")}${code(commands)}${
        undo === "" ? "" : `<p>To undo it:</p>${code(undo)}`
      }`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Parallax: intercept proxy</title><style>
:root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}
pre{overflow:auto;padding:.6rem .8rem;border:1px solid color-mix(in srgb,currentColor 25%,transparent);border-radius:6px}
</style></head><body><h1>Parallax's intercept proxy</h1>
<p>This is a proxy for HTTP and HTTPS at <code>${escaped(url)}</code>. It shows what goes by in Parallax. To read HTTPS it vouches for each
server itself: what is to use it must trust its certificate. The key to it was made on this machine and does not leave it.</p>
<p><a href="/ca.pem">ca.pem</a> (PEM), <a href="/ca.crt">ca.crt</a> (DER: Windows, phones). It lies in <code>${escaped(file)}</code>.</p>
<p>${escaped(name)}, until ${escaped(until.slice(0, 10))}. SHA-256:</p>${code(fingerprint)}<h2>How to trust it</h2>${steps.join("")}</body></html>`;
}

function code(text: string): string {
  return text === "" ? "" : `<pre>${escaped(text)}</pre>`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
