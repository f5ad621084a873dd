// A day of Elastic's JavaScript client of any version: javascript.mjs FOLDER MODULE MAJOR URL PREFIX.
import { gunzipSync } from "node:zlib";
import { answerOf, day, documentsOf, MAPPINGS, SETTINGS } from "./day.mjs";

const COUNT = 5000;

await day(async ({ url, prefix, args, require }) => {
  const { Client, errors } = require(args[0]);
  const old = args[1] === "7";
  const es = new Client({ node: url, compression: old ? "gzip" : true, ...(old ? { suggestCompression: true } : {}) });
  const index = `${prefix}-events`;
  // Version 7 has bodies apart and answers with the head; later ones have neither.
  const spread = (body) => (old ? { body } : body);
  const read = (answer) => (old ? answer.body : answer);
  const refused = (promise) =>
    promise.then(
      () => "not refused",
      (error) => {
        if (!(error instanceof errors.ResponseError)) throw error;
        const { error: told, found } = error.body ?? {};
        return [error.statusCode, told?.type ?? told, told?.reason, found];
      },
    );
  const told = {};

  told.product = read(await es.info()).tagline;
  told.ping = read(await es.ping());
  told.missing = [
    await refused(es.get({ index: `${prefix}-none`, id: "1" })),
    await refused(es.search({ index: `${prefix}-none` })),
    read(await es.indices.exists({ index })),
  ];
  read(await es.indices.create({ index, ...spread({ mappings: MAPPINGS, settings: SETTINGS }) }));
  told.exists = read(await es.indices.exists({ index }));
  const bulk = await es.helpers.bulk({
    datasource: documentsOf(COUNT),
    flushBytes: 150_000,
    concurrency: 1,
    refreshOnCompletion: index,
    onDocument: ({ n }) => ({ index: { _index: index, _id: `d${n}` } }),
  });
  told.bulk = [bulk.total, bulk.successful, bulk.failed, bulk.retry];
  // Before anything is deleted: Elasticsearch's scores count what is deleted until it is merged away.
  told.scored = answerOf(read(await es.search({ index, ...spread({ query: { match: { text: "quick sleep" } }, size: 7 }) })));
  const refresh = true;
  told.written = [
    read(await es.index({ index, id: "one/ü", refresh, ...(old ? { body: { n: -1 } } : { document: { n: -1 } }) })).result,
    await refused(es.create({ index, id: "d1", ...(old ? { body: { n: 0 } } : { document: { n: 0 } }) })),
    read(await es.update({ index, id: "d2", refresh, ...spread({ doc: { host: "changed" } }) })).result,
    read(await es.update({ index, id: "d3", refresh, ...spread({ script: { source: "ctx._source.bytes += 1" } }) })).result,
    read(await es.delete({ index, id: "d4", refresh })).result,
    await refused(es.delete({ index, id: "nothing" })),
  ];
  told.got = [read(await es.get({ index, id: "one/ü" }))._source, read(await es.exists({ index, id: "d4" }))];
  told.mget = read(await es.mget({ index, ...spread({ ids: ["d5", "d4", "d6"] }) })).docs.map(({ _id, found }) => [_id, found]);

  const range = { range: { n: { gte: 100 } } };
  const aggs = {
    hosts: { terms: { field: "host" }, aggs: { bytes: { sum: { field: "bytes" } } } },
    days: { date_histogram: { field: "at", calendar_interval: "day" } },
  };
  told.search = answerOf(read(await es.search({ index, ...spread({ query: range, size: 20, sort: [{ n: "asc" }], aggs }) })));
  told.byUri = answerOf(read(await es.search({ index, q: "host:host-3 AND text:jump", size: 3, sort: "n:desc" })));
  told.badQuery = await refused(es.search({ index, ...spread({ query: { nothing: {} } }) }));
  told.counted = read(await es.count({ index, ...spread({ query: { term: { tags: "日本" } } }) })).count;
  told.searched = (await es.helpers.search({ index, ...spread({ query: { term: { host: "host-2" } }, size: 5, sort: ["n"] }) })).map(
    ({ n }) => n,
  );

  told.scrolled = [];
  for await (const page of es.helpers.scrollSearch({ index, size: 800, ...spread({ sort: [{ n: "asc" }], query: range }) }))
    told.scrolled.push([page.body.hits.hits.length, page.body.hits.hits[0]?._id]);
  let documents = 0;
  for await (const { n } of es.helpers.scrollDocuments({ index, size: 1000, ...spread({ query: { match_all: {} } }) })) documents += n;
  told.scrolledSum = documents;

  const header = { index };
  const many = [
    header,
    { size: 0, aggs },
    header,
    { query: { term: { host: "host-1" } }, size: 2, sort: ["n"] },
    { index: `${prefix}-none` },
    {},
  ];
  told.many = read(await es.msearch(old ? { body: many } : { searches: many })).responses.map(({ hits, aggregations, status, error }) => [
    status,
    hits?.total,
    hits?.hits,
    aggregations,
    error?.type,
  ]);
  const searching = es.helpers.msearch({ operations: 3 });
  const asked = [0, 1, 2, 3, 4].map((n) => searching.search(header, { query: { term: { host: `host-${n}` } }, size: 3, sort: ["n"] }));
  told.helped = (await Promise.all(asked)).map(({ documents: found }) => found.map(({ n }) => n));
  await searching.stop();

  const opened = read(await es.openPointInTime({ index, keep_alive: "1m" }));
  let pit = opened.id;
  told.paged = [];
  for (let after; ; ) {
    const page = read(
      await es.search(
        spread({
          pit: { id: pit, keep_alive: "1m" },
          size: 900,
          query: range,
          sort: [{ bytes: "asc" }, { n: "asc" }],
          ...(after === undefined ? {} : { search_after: after }),
        }),
      ),
    );
    pit = page.pit_id;
    after = page.hits.hits.at(-1)?.sort;
    if (after === undefined) break;
    told.paged.push([page.hits.hits.length, after.slice(0, 2)]);
  }
  told.closed = read(await es.closePointInTime(spread({ id: pit }))).succeeded;

  told.caps = read(await es.fieldCaps({ index, fields: "*" })).fields;
  told.mapping = read(await es.indices.getMapping({ index }));
  // Version 7.13 has none yet.
  if (es.termsEnum !== undefined) told.terms = read(await es.termsEnum({ index, ...spread({ field: "host", string: "host" }) })).terms;
  told.analyzed = read(await es.indices.analyze({ index, ...spread({ field: "text", text: "Quick Füchse" }) })).tokens;
  told.valid = read(await es.indices.validateQuery({ index, ...spread({ query: range }) })).valid;
  told.cat = read(await es.cat.count({ index, format: "json" })).map(({ count }) => count);
  told.health = read(await es.cluster.health({ index })).number_of_data_nodes;

  await es.indices.putAlias({ index, name: `${prefix}-alias` });
  told.byAlias = read(await es.count({ index: `${prefix}-alias` })).count;
  const template = { index_patterns: [`${prefix}-made*`], template: { mappings: MAPPINGS, settings: SETTINGS } };
  await es.indices.putIndexTemplate({ name: `${prefix}-template`, ...spread(template) });
  const operations = documentsOf(50).flatMap((document) => [{ create: { _index: `${prefix}-made` } }, document]);
  told.templated = read(await es.bulk({ refresh, ...(old ? { body: operations } : { operations }) })).items.map(
    ({ create }) => create.status,
  );
  told.byTemplate = answerOf(read(await es.search({ index: `${prefix}-made`, ...spread({ size: 0, aggs }) })));
  told.templates = read(await es.indices.getIndexTemplate({ name: `${prefix}-template` })).index_templates.length;
  await es.indices.deleteIndexTemplate({ name: `${prefix}-template` });

  const streamed = await es.search({ index, ...spread({ size: 1000, sort: ["n"] }) }, { asStream: true });
  const chunks = [];
  for await (const chunk of old ? streamed.body : streamed) chunks.push(chunk);
  // A stream comes as it was sent, compressed where the server chose to.
  const octets = Buffer.concat(chunks);
  const answer = JSON.parse(octets[0] === 0x1f ? gunzipSync(octets) : octets);
  told.streamed = answer.hits.hits.map(({ _id }) => _id);
  told.changed = read(
    await es.updateByQuery({
      index,
      refresh,
      ...spread({ query: { term: { host: "host-5" } }, script: { source: "ctx._source.bytes = 1" } }),
    }),
  ).updated;
  told.removed = read(await es.deleteByQuery({ index, refresh, ...spread({ query: { term: { host: "host-6" } } }) })).deleted;
  told.after = answerOf(read(await es.search({ index, ...spread({ size: 5, sort: ["n"], aggs }) })));
  told.gone = read(await es.indices.delete({ index: `${prefix}-made` })).acknowledged;
  await es.close();
  return told;
});
