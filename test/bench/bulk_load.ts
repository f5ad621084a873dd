// A load of bulks for the measurements: the documents of a web server's log, as bodies that are sent again and again.
import { Agent, request as httpRequest } from "node:http";
import { webAccess } from "../../scripts/sample/documents/web_access.ts";
import { seededRandom } from "../../scripts/sample/random.ts";
import { printJson } from "../../src/shared/json.ts";
import type { AnsweredBulk } from "./ceiling.ts";

const SEED = 7;

export interface Load {
  /** What makes the index. */
  readonly creation: string;
  readonly bodies: readonly Buffer[];
}

/** So many documents in bulks of `size`. The documents themselves are not kept: a hundred megabytes of objects would be looked through with each collection of garbage. */
export function bulkLoad(documents: number, size: number): Load {
  const source = webAccess(seededRandom(SEED));
  const texts = source.items.map((item) => printJson(item.document ?? {}));
  const bodies = Array.from({ length: Math.ceil(documents / size) }, (_, bulk) => {
    const count = Math.min(size, documents - bulk * size);
    return Buffer.from(
      Array.from({ length: count }, (_unused, at) => `{"index":{}}\n${texts[(bulk * size + at) % texts.length] ?? "{}"}\n`).join(""),
    );
  });
  return { creation: printJson(source.creation ?? {}), bodies };
}

async function send(agent: Agent, url: string, method: string, path: string, body: Buffer | string): Promise<string> {
  const { hostname, port } = new URL(url);
  const headers = {
    "content-type": path.endsWith("_bulk") ? "application/x-ndjson" : "application/json",
    "content-length": Buffer.byteLength(body),
  };
  return await new Promise((done, fail) => {
    const asked = httpRequest({ hostname, port, method, path, headers, agent }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.once("end", () =>
        response.statusCode === 200 ? done(text) : fail(new Error(`${method} ${path}: ${response.statusCode} ${text.slice(0, 300)}`)),
      );
    });
    asked.once("error", fail).end(body);
  });
}

/** Makes `index`, sends the bulks over so many connections and gives documents a second; `answered` is told of each. */
export async function ingest(
  url: string,
  index: string,
  { creation, bodies }: Load,
  connections: number,
  answered: (bulk: AnsweredBulk) => void,
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  await send(agent, url, "PUT", `/${index}`, creation);
  const waiting = bodies.values();
  const started = performance.now();
  let documents = 0;
  const lane = async (): Promise<void> => {
    for (const body of waiting) {
      const answer = await send(agent, url, "POST", `/${index}/_bulk`, body);
      if (!answer.includes('"errors":false')) throw new Error(`a document was refused: ${answer.slice(0, 500)}`);
      const own = documentsOf(body);
      documents += own;
      answered({ body, answer: Buffer.from(answer), documents: own });
    }
  };
  await Promise.all(Array.from({ length: connections }, lane));
  const seconds = (performance.now() - started) / 1000;
  agent.destroy();
  return documents / seconds;
}

const DOCUMENTS = new WeakMap<Buffer, number>();

/** Documents of a bulk: half of its lines. */
function documentsOf(body: Buffer): number {
  const known = DOCUMENTS.get(body) ?? body.toString("latin1").split("\n").length >> 1;
  DOCUMENTS.set(body, known);
  return known;
}
