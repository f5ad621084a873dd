// The logger winston, whose lines winston-elasticsearch sends: winston.mjs FOLDER URL PREFIX.
import { setTimeout as pause } from "node:timers/promises";
import { ask, day, refresh } from "./day.mjs";

const COUNT = 3000;
const SEARCH = {
  size: 10,
  sort: [{ "fields.n": "asc" }],
  query: { match: { message: "slow" } },
  aggs: { s: { terms: { field: "severity.keyword" } } },
};

await day(async ({ url, prefix, require }) => {
  const winston = require("winston");
  const { ElasticsearchTransport } = require("winston-elasticsearch");
  const index = `${prefix}-winston`;
  const failures = [];
  const transport = new ElasticsearchTransport({ index, clientOpts: { node: url }, flushInterval: 2000, bufferLimit: COUNT * 2 });
  transport.on("error", (error) => failures.push(`${error}`));
  const logger = winston.createLogger({ transports: [transport] });
  for (let n = 0; n < COUNT; n += 1) logger.log(n % 5 === 0 ? "warn" : "info", n % 5 === 0 ? "slow request" : "request", { n });
  // It sends by itself, so often.
  let count = 0;
  while (count < COUNT && failures.length === 0) {
    await pause(200);
    await refresh(url, `${prefix}-*`);
    count = (await ask(url, `${prefix}-*/_count`)).count;
  }
  logger.end();
  const found = await ask(url, `${index}/_search`, SEARCH);
  const template = await ask(url, `_index_template/template_${index}`);
  await ask(url, `_index_template/template_${index}`, undefined, "DELETE");
  return { count, failures, total: found.hits?.total, severities: found.aggregations, templates: template.index_templates?.length };
});
