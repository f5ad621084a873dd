// Painless on both real engines: what scripts return for each document, runtime fields wherever a field may stand, script clauses.
// A case is one line: the hits and aggregations must be equal, or the case be unsupported where it says so, or both refuse it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { RejectedRequest, UnsupportedClause } from "../../src/main/translate/failure.ts";
import { isArray, isObject, type JsonObject, member, parseJson, printJson } from "../../src/shared/json.ts";
import { NASTY_MAPPING, nastyDocuments } from "../support/nasty_documents.ts";
import { connectEngines, differences, type Loaded, load, runBoth, send } from "../support/two_engines.ts";

const engines = connectEngines("painless");
const skip = engines === null ? "needs a real Elasticsearch (PARALLAX_TEST_ELASTICSEARCH) and ClickHouse" : false;
const DOCUMENTS = 300;
const loaded = new Map<number, Loaded>();

/** A line is a script, or a whole request. */
function bodyOf(line: string): JsonObject {
  if (!line.startsWith("{")) {
    return { size: DOCUMENTS, sort: ["seq"], _source: false, script_fields: { x: { script: { source: line, params: PARAMS } } } };
  }
  const parsed = parseJson(line);
  assert.ok(isObject(parsed), line);
  return {
    size: DOCUMENTS,
    ...(member(parsed, "sort") === undefined && member(parsed, "size") === undefined ? { sort: ["seq"] } : {}),
    _source: false,
    ...parsed,
  };
}

const PARAMS: JsonObject = { one: 1, half: 0.5, word: "a", yes: true, list: ["a", "b"], big: 9007199254740993n.toString() };

function errorType(answer: JsonObject): string | undefined {
  const error = member(answer, "error");
  const causes = isObject(error) ? member(error, "root_cause") : undefined;
  const [first] = isArray(causes) ? causes : [];
  return isObject(first) ? String(member(first, "type")) : undefined;
}

/** "" where both agree; else what differs. */
async function compare(line: string, index: Loaded): Promise<string> {
  const expected = /^unsupported (.*)$/.exec(line)?.[1];
  const text = expected ?? line;
  const outcome = await runBoth([index], bodyOf(text)).catch((error: unknown) => error);
  const refused = outcome instanceof RejectedRequest ? outcome.errorType : undefined;
  const unsupported = outcome instanceof UnsupportedClause ? `${outcome.pointer}: ${outcome.message}` : undefined;
  if (outcome instanceof Error && refused === undefined && unsupported === undefined) return `${text}\n  ${outcome.message.slice(0, 1500)}`;
  const both = outcome instanceof Error ? null : (outcome as Awaited<ReturnType<typeof runBoth>>);
  const open =
    unsupported ??
    (both?.translation.kind === "unsupported"
      ? printJson(both.translation.unsupported.map(({ pointer, reason }) => `${pointer}: ${reason}`))
      : undefined);
  if (open !== undefined && (await failsInPart(text, index))) return "";
  if (open !== undefined) return expected === undefined ? `${text}\n  unsupported: ${open}` : "";
  if (expected !== undefined) return `${text}\n  is supported`;
  if (both === null || both.translation.kind === "rejected") {
    const ours = refused ?? (both?.translation.kind === "rejected" ? both.translation.error.errorType : "");
    const answer = await send(index.engines, "POST", `/${index.table.index}/_search`, printJson(bodyOf(text)));
    const theirs = isObject(answer) ? errorType(answer) : undefined;
    return ours === theirs ? "" : `${text}\n  we refuse (${ours}), Elasticsearch ${theirs ?? "answers"}`;
  }
  if (errorType(both.elasticsearch) !== undefined)
    return `${text}\n  Elasticsearch refuses: ${printJson(member(both.elasticsearch, "error") ?? null).slice(0, 900)}`;
  const body = both.answer?.body ?? {};
  const differing = ["hits", "aggregations"].flatMap((name) =>
    differences(member(both.elasticsearch, name), member(body, name), both.answer?.tolerances ?? [], `/${name}`),
  );
  return differing.length === 0 ? "" : `${text}\n  ${differing.slice(0, 4).join("\n  ")}\n  (${differing.length} in all)`;
}

// A script that fails on one shard of several leaves the others' answer, which is no measure; failing on all, it is refused.
async function failsInPart(text: string, index: Loaded): Promise<boolean> {
  const answer = await send(index.engines, "POST", `/${index.table.index}/_search`, printJson(bodyOf(text)));
  const shards = isObject(answer) ? member(answer, "_shards") : undefined;
  const refused = index.table.shards > 1 && isObject(answer) && errorType(answer) !== undefined;
  return refused || (isObject(shards) && Number(member(shards, "failed")) > 0);
}

describe("painless on both engines", { skip }, () => {
  before(async () => {
    if (engines === null) return;
    await send(engines, "PUT", "/_cluster/settings", printJson({ transient: { "script.max_compilations_rate": "100000/1m" } }));
    const documents = nastyDocuments(DOCUMENTS).map((text) => text.replaceAll("253402300799999", "1700000000000"));
    for (const shards of [1, 3])
      loaded.set(shards, await load(engines, { name: `painless-${shards}`, mappings: NASTY_MAPPING, documents, shards }));
  });
  after(async () => {
    if (engines !== null) for (const { table } of loaded.values()) await send(engines, "DELETE", `/${table.index}`);
  });
  const lines = readFileSync(new URL("cases/painless.txt", import.meta.url), "utf8")
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  const only = process.env.PAINLESS_ONLY;
  for (const shards of [1, 3]) {
    test(`${lines.length} scripts on ${shards} shard(s)`, async () => {
      const index = loaded.get(shards);
      assert.ok(index !== undefined);
      const failures: string[] = [];
      for (const line of lines) {
        if (only !== undefined && !line.includes(only)) continue;
        const failure = await compare(line, index);
        if (failure !== "") failures.push(failure);
      }
      assert.equal(failures.length, 0, `${failures.length} of ${lines.length} differ:\n${failures.join("\n")}`);
    });
  }
});
