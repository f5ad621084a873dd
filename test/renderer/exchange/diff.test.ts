import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { match } from "../../../src/main/matcher/index.ts";
import { delta } from "../../../src/renderer/exchange/diff/delta.ts";
import { treeRows } from "../../../src/renderer/exchange/diff/rows.ts";
import { buildTree, type DiffNode, treeOfDifferences } from "../../../src/renderer/exchange/diff/tree.ts";
import { isObject, type JsonObject, parseJson } from "../../../src/shared/json.ts";

function json(text: string): JsonObject {
  const value = parseJson(text);
  assert.ok(isObject(value));
  return value;
}

function compare(request: string, elasticsearch: string, clickhouse: string) {
  const input = { request: json(request), elasticsearch: json(elasticsearch), clickhouse: json(clickhouse) };
  const comparison = match({ endpoint: "search", tolerances: [], ...input });
  return { comparison, tree: buildTree(input.elasticsearch, input.clickhouse, comparison) };
}

function all(node: DiffNode): readonly DiffNode[] {
  return [node, ...node.children.flatMap(all)];
}

const TERMS = '{"size":0,"aggs":{"2":{"terms":{"field":"k","size":9}}}}';
const buckets = (text: string) =>
  `{"took":3,"hits":{"total":{"value":9,"relation":"eq"},"hits":[]},"aggregations":{"2":{"buckets":${text}}}}`;

describe("the tree of differences", () => {
  test("has a node for each path that the matcher names", () => {
    const { comparison, tree } = compare(
      TERMS,
      buckets('[{"key":"a/b","doc_count":5},{"key":"b","doc_count":3},{"key":"c","doc_count":1}]'),
      buckets('[{"key":"a/b","doc_count":4},{"key":"b","doc_count":3}]'),
    );
    assert.ok(comparison.differences.length > 0);
    const paths = new Map(all(tree).map((node) => [node.path, node]));
    for (const difference of comparison.differences) {
      const node = paths.get(difference.path);
      assert.ok(node !== undefined, difference.path);
      assert.ok(node.differences > 0, difference.path);
    }
    assert.ok(!tree.children.some((node) => node.name.startsWith("/")), "no difference is left unplaced");
  });

  test("keys buckets and hits, so that a lost one moves no other", () => {
    const { tree } = compare(
      '{"sort":[{"n":"asc"}]}',
      '{"hits":{"total":{"value":2,"relation":"eq"},"hits":[{"_id":"1","_source":{"a":1},"sort":[1]},{"_id":"2","_source":{"a":9007199254740993},"sort":[2]}]}}',
      '{"hits":{"total":{"value":2,"relation":"eq"},"hits":[{"_id":"2","_source":{"a":9007199254740992},"sort":[2]}]}}',
    );
    const different = all(tree).filter((node) => node.kind === "different");
    assert.deepEqual(
      different.map(({ path, elasticsearch, clickhouse }) => [path, elasticsearch, clickhouse]),
      [["/hits/hits/[_id=2]/_source/a", "9007199254740993", "9007199254740992"]],
    );
    assert.ok(all(tree).some((node) => node.path === "/hits/hits/[_id=1]" && node.kind === "missing"));
  });

  test("shows what a rule let pass as such, not as a difference", () => {
    const { tree } = compare(TERMS, buckets("[]"), buckets("[]").replace('"took":3', '"took":77'));
    const took = all(tree).find((node) => node.path === "/took");
    assert.deepEqual([took?.kind, took?.differences], ["ruled", 0]);
    assert.notEqual(took?.note, "");
  });

  test("loses no difference that it can't place", () => {
    const { comparison, tree } = compare(TERMS, buckets("[]"), buckets("[]"));
    const odd = { path: "/nowhere/at all", kind: "value", elasticsearch: "1", clickhouse: "2" } as const;
    const placed = buildTree(json("{}"), json("{}"), { ...comparison, differences: [odd], differenceCount: 1 });
    assert.equal(tree.differences, 0);
    assert.deepEqual([placed.differences, placed.children[0]?.path], [1, "/nowhere/at all"]);
    assert.equal(treeOfDifferences({ ...comparison, differences: [odd] }).children.length, 1);
  });
});

describe("its rows", () => {
  const { tree } = compare(
    TERMS,
    buckets('[{"key":"a","doc_count":5},{"key":"b","doc_count":3},{"key":"c","doc_count":1}]'),
    buckets('[{"key":"a","doc_count":5},{"key":"b","doc_count":2},{"key":"c","doc_count":1}]'),
  );
  const names = (differencesOnly: boolean, toggled: ReadonlyMap<string, boolean> = new Map()) =>
    treeRows(tree, { differencesOnly, toggled }).map((row) => (row.node === null ? `${row.folded} equal` : row.node.name));

  test("fold equal siblings and join rows that say one thing", () => {
    assert.deepEqual(names(true), ["2 equal", "aggregations.2", "2 equal", "b.doc_count"]);
  });

  test("unfold on demand", () => {
    const fold = "/aggregations/2/buckets#equal";
    assert.deepEqual(names(true, new Map([[fold, true]])), ["2 equal", "aggregations.2", "2 equal", "a", "b.doc_count", "c"]);
  });

  test("show everything when asked", () => {
    assert.ok(names(false).includes("took"));
    assert.ok(names(false).includes("a"));
  });
});

describe("the last column", () => {
  test("is exact for whole numbers of any length", () => {
    assert.equal(delta("9007199254740993", "9007199254740992"), "−1");
    assert.equal(delta("7", "4"), "−3");
    assert.equal(delta("1.5", "2.0"), "+0.5");
  });
  test("is empty where there is nothing to subtract", () => {
    assert.equal(delta('"a"', '"b"'), "");
    assert.equal(delta("null", "3"), "");
  });
});
