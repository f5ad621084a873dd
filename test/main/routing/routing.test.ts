// Which rule an index goes by, and what is kept of a choice.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { plainNames } from "../../../src/main/routing/date_math_names.ts";
import { modesOf, severalReason, tapReason } from "../../../src/main/routing/index_modes.ts";
import { Routing } from "../../../src/main/routing/routing.ts";
import { patternProblem } from "../../../src/main/routing/rules.ts";

const named = (name: string, ...aliases: string[]) => ({ name, aliases: aliases.map((alias) => ({ name: alias })) });
const NOW = Date.UTC(2026, 10, 22, 23, 30);

describe("rules", () => {
  test("the first that means an index wins, by its name, an alias or its data stream, and a choice before all", () => {
    const routing = new Routing({
      listener: "compare",
      rules: [
        { pattern: "logs-*,-logs-audit*", mode: "clickhouse" },
        { pattern: "orders", mode: "tap" },
        { pattern: "*", mode: "clickhouse" },
      ],
    });
    assert.equal(routing.modeOf(named("logs-a")), "clickhouse");
    assert.equal(routing.ruleOf(named("logs-audit-1")).pattern, "*");
    assert.equal(routing.modeOf(named("orders-000001", "orders")), "tap");
    assert.equal(routing.modeOf(named(".ds-logs-x-2026.11.22-000001", "logs-x")), "clickhouse");
    assert.equal(routing.ruleOf(named("logs-1", "logs-audit")).pattern, "*", "left out by an alias");
    routing.choose("logs-a", "tap", false);
    assert.deepEqual([routing.modeOf(named("logs-a")), routing.ruleOf(named("logs-a")).from], ["tap", "window"]);
    assert.equal(routing.modeOf(named("logs-ab")), "clickhouse", "a choice is of one name");
    routing.choose("logs-a", null, false);
    assert.equal(routing.modeOf(named("logs-a")), "clickhouse");
    assert.deepEqual(
      routing.routes([named("x"), named("logs-b"), named("orders-000001", "orders")]).map(({ indices }) => indices),
      [["logs-b"], ["orders-000001"], ["x"], []],
    );
  });

  test("date math is reckoned when a rule is tried", () => {
    assert.equal(plainNames("<logs-{now/d}>,other", NOW), "logs-2026.11.22,other");
    assert.equal(plainNames("<logs-{now/d{yyyy.MM.dd|+01:00}}>", NOW), "logs-2026.11.23");
    assert.equal(plainNames("<logs-{now/M-1M{uuuu.MM}}-*>", NOW), "logs-2026.10-*");
    assert.equal(plainNames("<a\\{b\\}-{now/d}>", NOW), "a{b}-2026.11.22");
    assert.equal(plainNames("<logs-{later}>", NOW), "<logs-{later}>");
    assert.match(patternProblem("<logs-{later}>"), /date math/);
    assert.deepEqual(
      ["", " a", "a b", "logs-*", "<logs-{now/d}>"].map((pattern) => patternProblem(pattern) === ""),
      [false, false, false, true, true],
    );
    const routing = new Routing({ listener: "compare", rules: [{ pattern: "<logs-{now/d}>", mode: "clickhouse" }] });
    assert.deepEqual(
      ["logs-2026.11.22", "logs-2026.11.21"].map((name) => routing.ruleOf(named(name), NOW).mode),
      ["clickhouse", "compare"],
    );
  });

  test("choices outlive the process where they are kept; a file that can't be read is said", () => {
    const folder = mkdtempSync(join(tmpdir(), "parallax-routes-"));
    const file = join(folder, "routes.json");
    const problems: string[] = [];
    const start = (): Routing => new Routing({ listener: "compare", file, problem: (message) => problems.push(message) });
    try {
      const first = start();
      first.choose("a", "tap", true);
      first.choose("b", "clickhouse", true);
      first.choose("a", null, true);
      first.choose("c", "tap", false);
      const again = start();
      assert.deepEqual(
        ["a", "b", "c"].map((name) => again.modeOf(named(name))),
        ["compare", "clickhouse", "compare"],
      );
      assert.equal(readFileSync(file, "utf8").includes('"b": "clickhouse"'), true);
      assert.deepEqual(problems, []);
      writeFileSync(file, "{");
      assert.equal(start().plain, true);
      assert.match(problems[0] ?? "", /routes\.json can't be read/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("the modes of an expression", () => {
  const routing = new Routing({
    listener: "compare",
    rules: [
      { pattern: "a*", mode: "clickhouse" },
      { pattern: "t", mode: "tap" },
    ],
  });
  const known = ["a1", "a2", "b", "t"];
  const resolve = async (expression: string) => {
    const indices = known.filter((name) =>
      expression.split(",").some((part) => part === name || part === "*" || (part === "a*" && name[0] === "a")),
    );
    return { kind: "not_compared", reason: "", indices: indices.map((name) => named(name)) } as never;
  };
  const of = (expression: string) => modesOf(routing, resolve, expression, new Map());

  test("are one, several with their names, or that of an index of such a name", async () => {
    assert.deepEqual(await of("a*"), { kind: "one", mode: "clickhouse" });
    assert.deepEqual(await of("nowhere"), { kind: "one", mode: "compare" });
    assert.deepEqual(await of("a9"), { kind: "one", mode: "clickhouse" });
    const several = await of("*");
    assert.equal(
      several.kind === "several" && severalReason(several.byMode),
      "its indices are in several modes: a1, a2 in clickhouse; b in compare; t in tap",
    );
    assert.equal(tapReason(several, "*"), "t is in mode tap: it is neither mirrored nor compared");
    assert.equal(tapReason(await of("a1,b"), "a1,b"), "");
  });

  test("ask nobody where there are no rules", async () => {
    const asked = () => Promise.reject(new Error("asked"));
    assert.deepEqual(await modesOf(new Routing({ listener: "tap" }), asked, "x", new Map()), { kind: "one", mode: "tap" });
  });
});
