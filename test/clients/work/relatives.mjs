// A day of clients that are related to Elastic's: OpenSearch's, and the one before it: relatives.mjs FOLDER MODULE URL PREFIX.
import { answerOf, day, documentsOf, MAPPINGS, SETTINGS } from "./day.mjs";

const COUNT = 3000;
const AGGS = {
  hosts: { terms: { field: "host" }, aggs: { bytes: { sum: { field: "bytes" } } } },
  days: { date_histogram: { field: "at", calendar_interval: "day" } },
};

await day(async ({ url, prefix, args: [module], require }) => {
  const { Client } = require(module);
  // The older one tells bodies alone.
  const old = module === "elasticsearch";
  const es = old ? new Client({ host: url, apiVersion: "7.7", log: [] }) : new Client({ node: url });
  const read = (answer) => (old ? answer : answer.body);
  const index = `${prefix}-events`;
  const told = {};
  told.missing = await es.get({ index: `${prefix}-none`, id: "1" }).then(
    () => 200,
    ({ status, statusCode }) => status ?? statusCode,
  );
  read(await es.indices.create({ index, body: { mappings: MAPPINGS, settings: SETTINGS } }));
  const lines = documentsOf(COUNT).flatMap((document) => [{ index: { _id: `d${document.n}` } }, document]);
  for (let from = 0; from < lines.length; from += 1000) {
    const { errors, items } = read(await es.bulk({ index, body: lines.slice(from, from + 1000) }));
    told.bulk = [errors, items.length];
  }
  read(await es.indices.refresh({ index }));
  const range = { range: { n: { gte: 100 } } };
  told.found = answerOf(read(await es.search({ index, body: { query: range, size: 20, sort: [{ n: "asc" }], aggs: AGGS } })));
  told.scored = answerOf(read(await es.search({ index, q: "text:sleep", size: 5 })));
  told.counted = read(await es.count({ index, body: { query: { term: { tags: "日本" } } } })).count;
  told.many = read(await es.msearch({ body: [{ index }, { size: 0, aggs: AGGS }, { index }, { size: 2, sort: ["n"] }] })).responses.map(
    answerOf,
  );
  told.got = read(await es.mget({ index, body: { ids: ["d5", "nope"] } })).docs.map(({ _id, found }) => [_id, found]);
  told.updated = read(await es.update({ index, id: "d2", refresh: true, body: { doc: { host: "changed" } } })).result;
  told.deleted = read(await es.delete({ index, id: "d4", refresh: true })).result;
  told.scrolled = [];
  let page = read(await es.search({ index, scroll: "1m", size: 800, body: { sort: ["n"] } }));
  while (page.hits.hits.length > 0) {
    told.scrolled.push([page.hits.total, page.hits.hits.map(({ _id }) => _id)]);
    page = read(await es.scroll({ body: { scroll: "1m", scroll_id: page._scroll_id } }));
  }
  await es.clearScroll({ body: { scroll_id: page._scroll_id } });
  told.mapping = Object.values(read(await es.indices.getMapping({ index })));
  told.exists = read(await es.indices.exists({ index }));
  return told;
});
