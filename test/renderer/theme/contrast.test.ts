import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";

const css = readFileSync(new URL("../../../src/renderer/theme/tokens.css", import.meta.url), "utf8");

/** The colours that a selector's block sets, by token name. */
function colours(selector: string): Map<string, string> {
  const start = css.indexOf(`${selector} {`);
  assert.notEqual(start, -1, selector);
  const block = css.slice(start, css.indexOf("\n}", start));
  return new Map([...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})\b/g)].map((match) => [match[1] ?? "", match[2] ?? ""]));
}

const light = colours('[data-mantine-color-scheme="light"]');
const THEMES = {
  light,
  dark: new Map([...light, ...colours('[data-mantine-color-scheme="dark"]')]),
  "high contrast": new Map([...light, ...colours('[data-contrast="more"]')]),
} as const;

function linear(channel: number): number {
  return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
}

function channels(hex: string): readonly [number, number, number] {
  const at = (i: number) => linear(Number.parseInt(hex.slice(i, i + 2), 16) / 255);
  return [at(1), at(3), at(5)];
}

function luminance(hex: string): number {
  const [r, g, b] = channels(hex);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2 contrast of two colours. */
function contrast(a: string, b: string): number {
  const [high, low] = luminance(a) > luminance(b) ? [luminance(a), luminance(b)] : [luminance(b), luminance(a)];
  return (high + 0.05) / (low + 0.05);
}

type Pair = readonly [front: string, ground: string, what: "text" | "graphic"];
const GROUNDS = ["bg", "bg-1", "bg-2", "bg-3"];
const text = (front: string, grounds: readonly string[]): readonly Pair[] => grounds.map((ground) => [front, ground, "text"]);
const graphic = (front: string, grounds: readonly string[]): readonly Pair[] => grounds.map((ground) => [front, ground, "graphic"]);

const PAIRS: readonly Pair[] = [
  ...["fg", "fg-2", "fg-3"].flatMap((front) => text(front, GROUNDS)),
  ...text("on-ink", ["ink"]),
  // Disabled controls and placeholders are written in fg-3; what is selected or found keeps the colour of its text.
  ...["fg", "fg-2", "fg-3", "es-text", "ch-text"].flatMap((front) => text(front, ["mark", "find"])),
  ...text("fg", ["es-2", "es-soft", "ch-soft", "v-different-soft", "v-unsupported-soft"]),
  ...text("fg-3", ["es-soft", "ch-soft", "v-different-soft"]),
  ...["es", "ch"].flatMap((side) => [...text(`${side}-text`, [...GROUNDS, `${side}-soft`]), ...graphic(side, ["bg", "bg-1", "bg-3"])]),
  ...["equal", "none"].flatMap((verdict) => text(`v-${verdict}`, GROUNDS)),
  ...["equivalent", "different", "unsupported"].flatMap((verdict) => text(`v-${verdict}`, [...GROUNDS, `v-${verdict}-soft`])),
  ...text("v-failed", ["v-failed-soft"]),
  ...graphic("v-failed-soft", ["bg"]),
  ...["key", "str", "num", "fn", "punct"].flatMap((part) => text(`syn-${part}`, [...GROUNDS, "mark", "find", "v-unsupported-soft"])),
  ...graphic("line-2", ["bg", "bg-1", "bg-2"]),
  ...["focus", "ink"].flatMap((line) => graphic(line, [...GROUNDS, "mark", "es-soft", "ch-soft"])),
  // Charts: what is neither text nor a line of an axis.
  ...["bar", "bar-equal", "bar-none"].flatMap((part) => graphic(part, ["bg"])),
  ...["es", "ch"].flatMap((side) => graphic(side, ["bg-2", "mark", `${side}-soft`])),
  ...["equivalent", "different", "unsupported"].flatMap((verdict) => graphic(`v-${verdict}`, ["bg", "bg-3"])),
  ...graphic("mark-line", ["bg", "bg-1"]),
];

// What red-green and blue-yellow blind readers see (Machado 2009, severity 1).
const EYES: Readonly<Record<string, readonly (readonly [number, number, number])[]>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

/** A colour in OKLab, as seen by an eye. */
function seen(hex: string, eye: readonly (readonly [number, number, number])[]): readonly [number, number, number] {
  const [r, g, b] = channels(hex);
  const [x = 0, y = 0, z = 0] = eye.map((row) => Math.min(1, Math.max(0, row[0] * r + row[1] * g + row[2] * b)));
  const l = Math.cbrt(0.4122214708 * x + 0.5363325363 * y + 0.0514459929 * z);
  const m = Math.cbrt(0.2119034982 * x + 0.6806995451 * y + 0.1073969566 * z);
  const s = Math.cbrt(0.0883024619 * x + 0.2817188376 * y + 0.6299787005 * z);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

for (const [name, tokens] of Object.entries(THEMES)) {
  const colour = (token: string): string => {
    const value = tokens.get(token);
    assert.ok(value !== undefined, `${name} has no --${token}`);
    return value;
  };
  describe(`the ${name} theme`, () => {
    test("keeps every text and graphic at its contrast", () => {
      const more = name === "high contrast";
      for (const [front, ground, what] of PAIRS) {
        const needed = what === "text" ? (more ? 7 : 4.5) : more ? 4.5 : 3;
        const found = contrast(colour(front), colour(ground));
        assert.ok(found >= needed, `--${front} on --${ground} is ${found.toFixed(2)}:1, needs ${needed}:1`);
      }
    });

    test("tells the two sides apart for every eye", () => {
      const pairs = [
        ["es", "ch", 12],
        ["es-text", "ch-text", 8],
        ["es", "es-2", 12],
        ["ch", "ch-2", 12],
      ] as const;
      for (const [a, b, needed] of pairs) {
        for (const [eye, matrix] of Object.entries(EYES)) {
          const [p, q] = [seen(colour(a), matrix), seen(colour(b), matrix)];
          const distance = 100 * Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
          assert.ok(distance >= needed, `${a} and ${b} are ${distance.toFixed(1)} apart for ${eye}, need ${needed}`);
        }
      }
    });
  });
}
