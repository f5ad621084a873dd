// npm run record-sample -- [--elasticsearch URL]
// Makes the sample's recording anew: sends the planned requests to a real Elasticsearch and keeps what it answers.
// With no URL it starts the reference server. The indices of the sample must not be on a server that is given.
import { writeFileSync } from "node:fs";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { parseArgs } from "node:util";
import { brotliCompressSync, constants, gunzipSync } from "node:zlib";
import {
  exchangeLine,
  type Facts,
  RECORDING_FILE,
  RECORDING_FORMAT,
  RECORDING_VERSION,
  type RecordedExchange,
} from "../src/main/sample/recording.ts";
import { isArray, isObject, type JsonObject, type JsonValue, member, parseJson, printJson } from "../src/shared/json.ts";
import { startElasticsearch } from "./elasticsearch/server.ts";
import { planSample, type Step } from "./sample/plan.ts";

const { values } = parseArgs({ options: { elasticsearch: { type: "string" }, out: { type: "string", default: RECORDING_FILE } } });
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const known = new Map<string, string>();

async function exchange(
  base: string,
  step: Pick<Step["request"], "method" | "target" | "headers" | "body">,
): Promise<Omit<RecordedExchange, "at" | "facts" | "searches" | "writes">> {
  const { hostname, port } = new URL(base);
  const headers = [
    "Host",
    `${hostname}:${port}`,
    ...step.headers.flat(),
    ...(step.body.length > 0 ? ["Content-Length", String(step.body.length)] : []),
  ];
  const started = performance.now();
  const response = await new Promise<IncomingMessage>((done, fail) => {
    httpRequest({ hostname, port, method: step.method, path: step.target, headers, agent }, done).on("error", fail).end(step.body);
  });
  const chunks: Buffer[] = [];
  for await (const chunk of response) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  const pairs = Array.from(
    { length: response.rawHeaders.length / 2 },
    (_, at) => [response.rawHeaders[2 * at] ?? "", response.rawHeaders[2 * at + 1] ?? ""] as const,
  );
  return {
    method: step.method,
    target: step.target,
    headers: step.headers,
    body: step.body,
    status: response.statusCode ?? 0,
    reason: response.statusMessage ?? "",
    responseHeaders: pairs,
    responseBody: Buffer.concat(chunks),
    ms: Math.round((performance.now() - started) * 100) / 100,
  };
}

async function ask(base: string, method: string, target: string, body?: JsonValue): Promise<JsonValue> {
  const headers = body === undefined ? [] : [["Content-Type", "application/json"] as const];
  const answer = await exchange(base, {
    method,
    target,
    headers,
    body: body === undefined ? Buffer.alloc(0) : Buffer.from(printJson(body)),
  });
  return parseJson(answer.responseBody.toString("utf8"));
}

// The index as it is after the write, if that changed it, and the documents that updates made.
async function factsOf(base: string, step: Step): Promise<Facts> {
  const index = step.request.writes;
  if (index === "") return { indices: {}, documents: {} };
  const whole = await ask(base, "GET", `/${index}`);
  const description = isObject(whole) ? member(whole, index) : undefined;
  if (description === undefined) return { indices: {}, documents: {} };
  const printed = printJson(description);
  const indices: JsonObject = known.get(index) === printed ? {} : { [index]: description };
  known.set(index, printed);
  return { indices, documents: await updatedDocuments(base, index, updatedIds(step)) };
}

function updatedIds(step: Step): string[] {
  const single = /^\/[^/]+\/_update\/([^?]+)/.exec(step.request.target);
  if (single?.[1] !== undefined) return [decodeURIComponent(single[1])];
  if (!step.request.target.includes("_bulk")) return [];
  const zipped = step.request.headers.some(([name]) => name === "Content-Encoding");
  const text = (zipped ? gunzipSync(step.request.body) : step.request.body).toString("utf8");
  const ids = text.split("\n").flatMap((line) => {
    const action = line.startsWith('{"update":') ? parseJson(line) : null;
    const meta = isObject(action) ? member(action, "update") : undefined;
    return isObject(meta) ? [String(member(meta, "_id"))] : [];
  });
  return [...new Set(ids)];
}

async function updatedDocuments(base: string, index: string, ids: readonly string[]): Promise<JsonObject> {
  if (ids.length === 0) return {};
  const answer = await ask(base, "POST", `/${index}/_mget`, { ids });
  const docs = isObject(answer) ? member(answer, "docs") : undefined;
  const found = (isArray(docs) ? docs : []).flatMap((doc) =>
    isObject(doc) && doc.found === true ? [[String(doc._id), doc._source ?? {}] as const] : [],
  );
  return { [index]: Object.fromEntries(found) };
}

async function record(base: string): Promise<void> {
  const steps = planSample();
  const about = await ask(base, "GET", "/");
  const version = isObject(about) && isObject(about.version) ? String(about.version.number) : "unknown";
  const lines = [printJson({ format: RECORDING_FORMAT, version: RECORDING_VERSION, elasticsearch: version, exchanges: steps.length })];
  let searches = 0;
  for (const step of steps) {
    const answer = await exchange(base, step.request);
    if (answer.status !== step.request.status) {
      throw new Error(
        `${answer.method} ${answer.target}: status ${answer.status} instead of ${step.request.status}\n${answer.body.toString("utf8").slice(0, 2000)}\n${answer.responseBody.toString("utf8").slice(0, 1000)}`,
      );
    }
    searches += step.request.searches;
    const line = exchangeLine({
      ...answer,
      at: step.at,
      searches: step.request.searches,
      writes: step.request.writes,
      facts: await factsOf(base, step),
    });
    lines.push(printJson(line));
  }
  const text = Buffer.from(`${lines.join("\n")}\n`);
  console.log(`${steps.length} requests, ${searches} searches, ${(text.length / 1e6).toFixed(1)} MB; compressing …`);
  const packed = brotliCompressSync(text, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_SIZE_HINT]: text.length },
  });
  writeFileSync(values.out, packed);
  console.log(`${values.out}: ${(packed.length / 1e6).toFixed(2)} MB`);
  const indices = [...known.keys()].join(",");
  if (values.elasticsearch !== undefined) await ask(base, "DELETE", `/${indices}`);
}

if (values.elasticsearch === undefined) {
  const started = await startElasticsearch({ port: 0, say: (line) => console.error(line) });
  if (!started.ok) {
    console.error(started.why);
    process.exit(3);
  }
  await record(started.server.url).finally(() => started.server.stop());
} else {
  await record(values.elasticsearch);
}
agent.destroy();
