// As much of Elasticsearch as the mirror asks: descriptions of indices, statistics, documents. A test sets what it answers.
import { once } from "node:events";
import { createServer } from "node:http";
import { after } from "node:test";

export interface FakeIndex {
  readonly mappings: unknown;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly aliases?: Readonly<Record<string, unknown>>;
  /** Visible documents. */
  readonly documents?: number;
  /** Highest sequence number; left out of the statistics when undefined. */
  readonly highest?: number;
}

export interface FakeElasticsearch {
  readonly url: string;
  readonly indices: Map<string, FakeIndex>;
  /** `_mget` answers, JSON text by id. */
  readonly stored: Map<string, string>;
  /** Requests so far: `GET /x`. */
  readonly asked: string[];
}

/** Listens until the tests of this file are over. Call it outside of hooks. */
export async function startFakeElasticsearch(): Promise<FakeElasticsearch> {
  const fake = { indices: new Map<string, FakeIndex>(), stored: new Map<string, string>(), asked: [] as string[] };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    fake.asked.push(`${request.method} ${request.url}`);
    const segments = (request.url ?? "").split("?")[0]?.slice(1).split("/").map(decodeURIComponent) ?? [];
    const [name = "", api = ""] = segments[0] === "_stats" ? ["_all", "_stats"] : segments;
    const found = [...fake.indices].filter(([index, { aliases }]) => name === index || name === "_all" || name in (aliases ?? {}));
    if (found.length === 0) {
      response.writeHead(404).end(JSON.stringify({ error: { reason: `no such index [${name}]` }, status: 404 }));
    } else if (api === "_mget") {
      const { docs } = JSON.parse(Buffer.concat(chunks).toString()) as { docs: { _id: string }[] };
      response.end(`{"docs":[${docs.map(({ _id }) => fake.stored.get(_id) ?? `{"_id":"${_id}","found":false}`).join(",")}]}`);
    } else if (api === "_search") {
      // Nothing lives in the gaps between numbers.
      response.end('{"hits":{"total":{"value":0,"relation":"eq"}}}');
    } else {
      response.end(JSON.stringify(api === "_stats" ? { indices: mapped(found, statistics) } : mapped(found, description)));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return { ...fake, url: `http://127.0.0.1:${address.port}` };
}

function mapped(found: readonly (readonly [string, FakeIndex])[], value: (index: FakeIndex) => unknown): unknown {
  return Object.fromEntries(found.map(([name, index]) => [name, value(index)]));
}

function description({ mappings, settings, aliases }: FakeIndex): unknown {
  return { aliases: aliases ?? {}, mappings, settings: { index: { number_of_shards: "1", ...settings } } };
}

function statistics({ documents, highest }: FakeIndex): unknown {
  const shards = highest === undefined ? {} : { shards: { 0: [{ seq_no: { max_seq_no: highest } }] } };
  return { primaries: { docs: { count: documents ?? 0 }, store: { size_in_bytes: 0 } }, ...shards };
}
