// Where generated documents go: an index with the kind's mapping, or a data stream of a template with it. Made only where it is not there.
import type { ElasticsearchClient } from "../../elasticsearch/client.ts";
import { ElasticsearchRefused } from "../../elasticsearch/client.ts";
import type { GeneratorKind } from "./kind.ts";
import { isThere } from "./when_there.ts";

export interface Target {
  readonly index: string;
  /** A data stream, where Elasticsearch has them. */
  readonly stream: boolean;
}

/** Above the templates that come with Elasticsearch, so that the kind's mapping is taken. */
const PRIORITY = 900;

/** In the `_meta` of what is made here: nothing else is removed. */
export const MADE_BY = { managed_by: "parallax" } as const;

/** The template of a data stream. */
export function templateOf(index: string): string {
  return `parallax-${index}`;
}

/** Makes it unless it is there. Throws ElasticsearchAway, ElasticsearchRefused. */
export async function makeTarget(client: ElasticsearchClient, kind: GeneratorKind, { index, stream }: Target): Promise<void> {
  const path = `/${encodeURIComponent(index)}`;
  if (await isThere(client, index)) return;
  const mappings = { ...kind.mappings, _meta: MADE_BY };
  if (!stream || !(await hasDataStreams(client))) {
    await unlessThere(client.json("PUT", path, JSON.stringify({ mappings })));
    return;
  }
  const template = { index_patterns: [index], data_stream: {}, priority: PRIORITY, template: { mappings } };
  await client.json("PUT", `/_index_template/${encodeURIComponent(templateOf(index))}`, JSON.stringify(template));
  await unlessThere(client.json("PUT", `/_data_stream${path}`));
}

/** An Elasticsearch without its X-Pack modules has none. */
async function hasDataStreams(client: ElasticsearchClient): Promise<boolean> {
  return await client.json("GET", "/_data_stream").then(
    () => true,
    (error: unknown) => {
      if (error instanceof ElasticsearchRefused && error.status === 400) return false;
      throw error;
    },
  );
}

async function unlessThere(made: Promise<unknown>): Promise<void> {
  try {
    await made;
  } catch (error) {
    if (!(error instanceof ElasticsearchRefused) || !error.message.includes("resource_already_exists_exception")) throw error;
  }
}
