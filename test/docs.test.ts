// The documents name everything that there is: a new rule, operator, key, route, clause or request needs its line.
import assert from "node:assert/strict";
import { globSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, test } from "node:test";
import { generatedPages } from "../scripts/docs/generated.ts";
import { FILTER_OPERATORS } from "../src/main/capture/filter/index.ts";
import { OPTIONS } from "../src/main/config/option_table.ts";
import { ROUTES } from "../src/main/contract/routes.ts";
import { REQUEST_NAMES } from "../src/main/contract/validate.ts";
import { FIELD_TYPES } from "../src/main/elasticsearch/fields/index.ts";
import { RULES, rulesUnder } from "../src/main/matcher/rules/index.ts";
import { RESOURCES } from "../src/main/mcp/resources.ts";
import { TOOLS } from "../src/main/mcp/tools.ts";
import { VERDICTS } from "../src/shared/exchange.ts";
import { IGNORED, VERDICT_RULES } from "../src/shared/verdict_rules.ts";

/** Elasticsearch's own, one for all of them. */
const INDIRECT_CODES: readonly string[] = ["parsing_exception"];
const ROOT = join(import.meta.dirname, "..");
const page = (name: string): string => readFileSync(join(ROOT, "docs", name), "utf8");
const source = (path: string): string => readFileSync(join(ROOT, "src", "main", path), "utf8");

function assertNamed(text: string, names: readonly string[]): void {
  assert.ok(names.length > 0);
  assert.deepEqual(
    names.filter((name) => !text.includes(name)),
    [],
  );
}

/** Names of the members of an object literal that begins after `opening`. */
function membersAfter(text: string, opening: string): readonly string[] {
  const start = text.indexOf(opening);
  assert.notEqual(start, -1, `${opening} is not in the source any more`);
  const body = text.slice(start + opening.length, text.indexOf("\n};", start));
  return [...body.matchAll(/^ {2}([a-z_]+)[:,]/gm)].map((match) => match[1] ?? "");
}

describe("docs/verdicts.md", () => {
  test("names every rule of the matcher", () => {
    assertNamed(
      page("verdicts.md"),
      RULES.map((rule) => `| \`${rule.name}\` |`),
    );
  });

  test("says of every rule what the page says of it, and there is no other", () => {
    assertNamed(
      page("verdicts.md"),
      VERDICT_RULES.map(({ name, means, kind }) => `\n| \`${name}\` | ${means.replaceAll("|", "\\|")} | ${kind} |\n`),
    );
    const [noise] = rulesUnder({ switches: [], ignored: [], noise: [{ path: "/a", kind: "value", spread: null, reason: "seen" }] }).slice(
      -1,
    );
    assert.deepEqual(
      VERDICT_RULES.map(({ name, kind }) => [name, kind]),
      [...RULES.map(kindOf), noise === undefined ? [] : kindOf(noise), [IGNORED, "yours"]],
    );
  });

  test("names every verdict", () => {
    assertNamed(
      page("verdicts.md"),
      VERDICTS.map((verdict) => `| \`${verdict}\` |`),
    );
  });
});

function kindOf({ name, housekeeping, compares }: (typeof RULES)[number]): readonly string[] {
  return [name, housekeeping ? "housekeeping" : compares ? "tolerance" : "left open"];
}

test("docs/mcp.md names every tool and resource", () => {
  assertNamed(
    page("mcp.md"),
    [...TOOLS.map(({ name }) => name), ...RESOURCES.map(({ uri }) => uri)].map((name) => `\`${name}\``),
  );
});

describe("docs/filters.md", () => {
  test("names every operator of the filter language", () => {
    assertNamed(
      page("filters.md"),
      FILTER_OPERATORS.map(({ name }) => `| \`~${name}\` |`),
    );
  });
});

describe("docs/configuration.md", () => {
  test("names every flag and key", () => {
    const text = page("configuration.md");
    assertNamed(
      text,
      OPTIONS.map(({ flag }) => `\`--${flag}`),
    );
    assertNamed(
      text,
      OPTIONS.map(({ key }) => `| \`${key}\` |`),
    );
  });
});

describe("docs/api.md", () => {
  const text = page("api.md");

  test("names every route", () => {
    assertNamed(
      text,
      ROUTES.map(({ method, path }) => `### ${method} ${path}\n`),
    );
  });

  test("names every request of the contract", () => {
    assertNamed(
      text,
      REQUEST_NAMES.map((name) => `| \`${name}\` |`),
    );
  });
});

test("docs/errors.md says of every error code what happened and what to do, and of no other", () => {
  const thrown = /(?:code: |new (?:Contract|Shrink|Probe|Profile)[A-Z]\w*\(\s*|refuse\((?:response, \d+, )?|failure\(\d+, )"([a-z_]+)"/g;
  const files = globSync("**/*.ts", { cwd: join(ROOT, "src", "main") });
  const answering = files.filter(
    (file) => /^contract\/|^explain\/of_exchange|^profile\/interface_calls/.test(file) || source(file).includes("Refusal("),
  );
  const codes = new Set(answering.flatMap((file) => [...source(file).matchAll(thrown)].map((match) => match[1] ?? "")));
  for (const code of INDIRECT_CODES) codes.add(code);
  const named = [...page("errors.md").matchAll(/^\| (`[^|]*) \| [0-9, x]*\|/gm)].flatMap((match) => [
    ...(match[1] ?? "").matchAll(/`([a-z_]+)`/g),
  ]);
  assert.deepEqual([...new Set(named.map((match) => match[1]))].toSorted(), [...codes].toSorted());
});

test("docs/cli.md names every verb", () => {
  const verbs = source("cli.ts");
  const listed = [
    ...verbs.matchAll(/^ {2}([a-z]+): async/gm),
    ...(/CONTROL_VERBS: [^=]*= \[(.*)\]/.exec(verbs)?.[1] ?? "").matchAll(/"([a-z]+)"/g),
  ];
  const headings =
    page("cli.md")
      .match(/^## .*$/gm)
      ?.join(" ") ?? "";
  assertNamed(
    headings,
    listed.map((match) => match[1] ?? ""),
  );
});

test("what `npm run docs` writes is up to date: run it after a change of the help or of a route", () => {
  for (const [name, text] of generatedPages()) assert.equal(page(name), text, `docs/${name}: npm run docs`);
});

test("docs/commands.md names every command of the project", () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  assertNamed(
    page("commands.md").replaceAll("npm run ", "npm "),
    Object.keys(scripts).map((name) => `\n| \`npm ${name}`),
  );
});

test("docs/README.md leads to every page", () => {
  const pages = readdirSync(join(ROOT, "docs")).filter((name) => name.endsWith(".md") && name !== "README.md");
  assertNamed(
    page("README.md"),
    pages.map((name) => `](${name})`),
  );
});

test("every picture of a page is there, and small", () => {
  const files = ["README.md", "docs/tour.md"];
  const pictures = files.flatMap((file) =>
    [...readFileSync(join(ROOT, file), "utf8").matchAll(/!?\]\(([^)]+\.png)\)/g)].map((match) => join(ROOT, dirname(file), match[1] ?? "")),
  );
  assert.ok(pictures.length > 8);
  for (const picture of pictures) assert.ok(statSync(picture).size < 150_000, picture);
});

describe("docs/translation.md", () => {
  const text = page("translation.md");

  test("names every field type", () => {
    assertNamed(
      text,
      [...FIELD_TYPES.keys()].map((type) => `\`${type}\``),
    );
  });

  test("names every clause of the Query DSL, with SQL and without", () => {
    const clauses = source("translate/query/index.ts");
    const without = membersAfter(clauses, "const WITHOUT_SQL: Readonly<Record<string, string>> = {");
    assertNamed(
      text,
      [...membersAfter(clauses, "const CLAUSES: Readonly<Record<string, CompileClause>> = {"), ...without].map((name) => `\`${name}\``),
    );
  });

  test("names every kind of aggregation, with SQL and without", () => {
    const table = source("translate/aggs/table.ts");
    const kinds = membersAfter(table, "const DEFINITIONS: Readonly<Record<string, Definition>> = {");
    const refused = membersAfter(table, "const REFUSED: Readonly<Record<string, string>> = {");
    assertNamed(
      text,
      [...kinds, ...refused].map((name) => `\`${name}\``),
    );
  });
});

test("links between the documents lead somewhere", () => {
  const files = ["README.md", ...readdirSync(join(ROOT, "docs")).map((name) => join("docs", name))].filter((name) => name.endsWith(".md"));
  const broken = files.flatMap((file) =>
    [...readFileSync(join(ROOT, file), "utf8").matchAll(/\]\(([^)#:]+\.md)(#[^)]*)?\)/g)]
      .map((match) => join(dirname(file), match[1] ?? ""))
      .filter((target) => !readdirSync(join(ROOT, dirname(target))).includes(basename(target)))
      .map((target) => `${file} → ${target}`),
  );
  assert.deepEqual(broken, []);
});

test("links to a heading name one that is there", () => {
  const broken = readdirSync(join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md"))
    .flatMap((name) =>
      [...page(name).matchAll(/\]\(([a-z-]+\.md)?#([a-z0-9-]+)\)/g)]
        .filter(([, target, anchor = ""]) => !anchorsOf(page(target ?? name)).includes(anchor))
        .map(([link]) => `${name}: ${link}`),
    );
  assert.deepEqual(broken, []);
});

/** The anchors that a page's headings get on the code's hosts. */
function anchorsOf(text: string): readonly string[] {
  const headings = text.match(/^#+ .*$/gm) ?? [];
  return headings.map((heading) =>
    heading
      .replace(/^#+ /, "")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\- _]/gu, "")
      .replaceAll(" ", "-"),
  );
}
