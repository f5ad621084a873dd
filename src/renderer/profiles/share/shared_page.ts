// A profile as one self-contained HTML file: the flame graph and its functions, with no server and nothing loaded from elsewhere. Pure.
import { type FlameNode, functionsOf } from "../../../shared/flame.ts";
import tokens from "../../theme/tokens.css?inline";
import style from "./viewer.css?inline";
import viewer from "./viewer.js?raw";

export interface SharedProfile {
  readonly title: string;
  /** What is said under the title. */
  readonly about: string;
  readonly unit: "us" | "bytes";
  readonly root: FlameNode;
  readonly format: (value: number) => string;
  readonly columns: { readonly name: string; readonly self: string; readonly total: string; readonly where: string };
}

type Packed = readonly [name: string, value: number, self: number, side: string, where: string, children: readonly Packed[]];
const MOST_ROWS = 100;

/** The whole file. */
export function sharedPage({ title, about, unit, root, format, columns }: SharedProfile): string {
  // In a script, text may hold anything but the end of that script.
  const data = JSON.stringify({ title, unit, root: packed(root) }).replaceAll("<", "\\u003c");
  const rows = functionsOf(root)
    .slice(0, MOST_ROWS)
    .map(
      ({ name, self, total, where }) =>
        `<tr><td>${escaped(name)}</td><td class="num">${format(self)}</td><td class="num">${format(total)}</td><td>${escaped(where)}</td></tr>`,
    );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>${tokens}${style}</style>
</head>
<body>
<h1>${escaped(title)}</h1>
<p>${escaped(about)}</p>
<div id="about"></div>
<div id="graph"></div>
<table><thead><tr><th>${columns.name}</th><th class="num">${columns.self}</th><th class="num">${columns.total}</th><th>${columns.where}</th></tr></thead><tbody>${rows.join("")}</tbody></table>
<script type="application/json" id="profile">${data}</script>
<script>${viewer}</script>
</body>
</html>
`;
}

function packed({ name, value, self, side, where, children }: FlameNode): Packed {
  return [name, value, self, side, where, children.map(packed)];
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
