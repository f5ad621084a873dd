// The logger pino, whose lines pino-elasticsearch sends: pino.mjs FOLDER URL PREFIX.
import { once } from "node:events";
import { answerOf, ask, day, refresh } from "./day.mjs";

const COUNT = 3000;
const SEARCH = {
  size: 10,
  sort: [{ n: "asc" }],
  _source: ["n", "level", "msg"],
  query: { match: { msg: "slow" } },
  aggs: { levels: { terms: { field: "level" } } },
};

await day(async ({ url, prefix, require }) => {
  const pino = require("pino");
  const index = `${prefix}-pino`;
  const stream = require("pino-elasticsearch")({ index, node: url, esVersion: 8, flushBytes: 40_000, flushInterval: 1000 });
  let inserted = 0;
  const failures = [];
  for (const event of ["insertError", "error", "unknown"]) stream.on(event, (error) => failures.push(`${event} ${error}`));
  const insert = once(stream, "insert").then(([{ successful }]) => (inserted = successful));
  const log = pino({ level: "debug" }, stream);
  for (let n = 0; n < COUNT; n += 1)
    log[n % 5 === 0 ? "warn" : "info"]({ n, part: `part-${n % 4}` }, n % 5 === 0 ? "slow request" : "request");
  stream.end();
  await insert;
  await refresh(url, `${index}`);
  return { inserted, failures, found: answerOf(await ask(url, `${index}/_search`, SEARCH)).aggregations };
});
