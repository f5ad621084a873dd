// Elasticsearch's hot threads, of all nodes of its cluster, as it writes them.
import { ElasticsearchClient, ElasticsearchRefused } from "../../elasticsearch/client.ts";
import type { TlsTrust } from "../../proxy/upstream.ts";

export interface HotThreads {
  readonly url: string;
  readonly text: string;
}

const PATH = "/_nodes/hot_threads?threads=10&interval=200ms";

/** Asks within `limitMs`. Rejects with what is in the way and what to do, in words. */
export async function readElasticsearch(url: string, trust: TlsTrust, limitMs: number): Promise<HotThreads> {
  const client = new ElasticsearchClient(url, trust);
  try {
    const { status, body } = await client.request("GET", PATH, undefined, { timeoutMs: limitMs });
    const text = Buffer.from(body).toString("utf8");
    if (status === 200) return { url: client.url, text };
    throw new ElasticsearchRefused(status, `Elasticsearch at ${client.url} ${refusal(status, text)}`);
  } finally {
    client.close();
  }
}

function refusal(status: number, text: string): string {
  if (status === 401) return "wants to know who asks: give user and password in its URL (--elasticsearch http://USER:PASSWORD@…).";
  if (status === 403) return "does not let the user of its URL see this: it takes the cluster privilege `monitor`.";
  return `answered GET ${PATH} with ${status}: ${text.slice(0, 300)}`;
}
