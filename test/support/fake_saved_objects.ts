// An Elasticsearch that holds one of Kibana's saved objects, for whoever asks for titles.
import type { ElasticsearchAnswer } from "../../src/main/elasticsearch/pass_on.ts";

export async function fakeSavedObjects(): Promise<ElasticsearchAnswer> {
  const dashboard = { _id: "dashboard:722b74f0", _source: { type: "dashboard", dashboard: { title: "eCommerce Revenue Dashboard" } } };
  return { status: 200, headers: {}, body: Buffer.from(JSON.stringify({ hits: { hits: [dashboard] } })) };
}
