import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";

const folder = new URL("../../../src/renderer/", import.meta.url).pathname;
const styles = globSync("**/*.css", { cwd: folder }).filter((file) => file !== "theme/tokens.css");
const sources = globSync("**/*.{ts,tsx}", { cwd: folder });

test("colours are decided in the tokens alone", () => {
  for (const file of styles) assert.doesNotMatch(readFileSync(folder + file, "utf8"), /#[0-9a-fA-F]{3,8}\b|rgba?\(|hsla?\(/, file);
});

test("every token that a style names exists", () => {
  const known = new Set([...readFileSync(`${folder}theme/tokens.css`, "utf8").matchAll(/--([\w-]+):/g)].map((match) => match[1]));
  const local = new Set(["cols", "depth", "step", "label"]);
  for (const file of styles) {
    for (const match of readFileSync(folder + file, "utf8").matchAll(/var\(--([\w-]+)/g)) {
      const name = match[1] ?? "";
      assert.ok(known.has(name) || local.has(name), `${file} uses --${name}`);
    }
  }
});

test("nothing in the page comes from elsewhere or is evaluated", () => {
  for (const file of sources) {
    const text = readFileSync(folder + file, "utf8");
    assert.doesNotMatch(text, /dangerouslySetInnerHTML|innerHTML|\beval\(|new Function\(/, file);
    assert.doesNotMatch(text, /["'`]https?:\/\/(?!localhost|127\.0\.0\.1|www\.w3\.org)/, file);
  }
});

test("documents and answers are read losslessly", () => {
  // The events' own envelope, the actions of a rule, profiles and the records of a shared file, which hold no documents but as text.
  const allowed = new Set(["api/http_transport.ts", "rules/rule_list.tsx", "profiles/read_profile.ts", "shared/held.ts"]);
  for (const file of sources) if (!allowed.has(file)) assert.doesNotMatch(readFileSync(folder + file, "utf8"), /JSON\.parse\(/, file);
});

test("words that a person reads stand in the strings alone", () => {
  // Units, signs, names of keys and examples of filters are not translated.
  const signs = /^(?:[^A-Za-z]|&[a-z]+;)*$|^(?:ms|[A-Za-z]|_\w+|Enter|Esc|Ctrl ↵)$/;
  for (const file of sources.filter((name) => name.endsWith(".tsx"))) {
    const text = readFileSync(folder + file, "utf8");
    for (const [, words = ""] of text.matchAll(
      /<(?:p|b|h[1-4]|span|button|label|td|th|a|div|li|option|summary|kbd|caption)(?:\s[^<>{}]*)?>([^<>{}]+)<\//g,
    )) {
      assert.match(words.trim(), signs, `${file}: ${words.trim()}`);
    }
    for (const [, words = ""] of text.matchAll(/\s(?:aria-label|title|placeholder|alt)="([^"]+)"/g)) {
      assert.ok(words === "Parallax" || words.startsWith("~"), `${file}: ${words}`);
    }
  }
});
