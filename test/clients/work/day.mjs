// What the programs of the clients share: their arguments, their packages, the line that they print.
import { createRequire } from "node:module";
import { join } from "node:path";

/** Documents of a day, the same every time. */
export function documentsOf(count) {
  return Array.from({ length: count }, (_, n) => ({
    n,
    at: new Date(Date.UTC(2024, 4, 1) + n * 60_000).toISOString(),
    host: `host-${n % 7}`,
    bytes: (n * 7919) % 10_007,
    text: `the ${n} quick füchse ${["jump", "sleep", "eat"][n % 3]}`,
    tags: n % 4 === 0 ? [] : [`t${n % 4}`, "日本"],
  }));
}

export const MAPPINGS = {
  properties: {
    n: { type: "long" },
    at: { type: "date" },
    host: { type: "keyword" },
    bytes: { type: "integer" },
    text: { type: "text" },
    tags: { type: "keyword" },
  },
};

/** One shard: scores and orders of equal ones are the same in every index of the same writes. */
export const SETTINGS = { number_of_shards: 1, number_of_replicas: 0 };

/** Runs `NODE PROGRAM FOLDER [ARG …] URL PREFIX`; `work` gives what the client was told. */
export async function day(work) {
  const [folder, ...rest] = process.argv.slice(2);
  const [url, prefix] = rest.slice(-2);
  const client = { folder, url, prefix, args: rest.slice(0, -2), require: createRequire(join(folder, "package.json")) };
  const begun = performance.now();
  const told = await work(client);
  const ms = performance.now() - begun;
  process.stdout.write(`\n${JSON.stringify({ ms, told })}\n`, () => process.exit(0));
}

/** JSON of a request by hand. */
export async function ask(url, path, body, method = body === undefined ? "GET" : "POST") {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${url}/${path}`, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  return answer.json();
}

/** Makes what was written visible. */
export async function refresh(url, index) {
  const { status } = await fetch(`${url}/${index}/_refresh`, { method: "POST" });
  if (status !== 200) throw new Error(`refresh of ${index}: ${status}`);
}

/** Writes the first `count` documents of a day by one bulk. */
export async function fill(url, index, count) {
  const lines = documentsOf(count).flatMap((document) => [{ index: { _id: `d${document.n}` } }, document]);
  const body = `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`;
  const headers = { "content-type": "application/x-ndjson" };
  const { status } = await fetch(`${url}/${index}/_bulk?refresh=true`, { method: "POST", headers, body });
  if (status !== 200) throw new Error(`bulk to ${index}: ${status}`);
}

/** An answer of a search without what changes from time to time. */
export function answerOf({ hits, aggregations }) {
  return { total: hits.total, hits: hits.hits, aggregations };
}
