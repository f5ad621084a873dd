// The server of the Model Context Protocol: one message in, one answer out, whatever carries them. It keeps nothing between two messages.
import { isObject, type JsonObject, type JsonValue, member } from "../../shared/json.ts";
import { messageOf } from "../../shared/thrown.ts";
import {
  errorOf,
  INVALID_PARAMS,
  INVALID_REQUEST,
  METHOD_NOT_FOUND,
  RESOURCE_NOT_FOUND,
  type RpcError,
  readMessage,
  resultOf,
  UNSUPPORTED_PROTOCOL_VERSION,
} from "./json_rpc.ts";
import { agreedVersion, complete, LATEST, VERSIONS, versionOf } from "./protocol.ts";
import { describedResources, RESOURCES, readResource } from "./resources.ts";
import type { Ask } from "./tool.ts";
import { callTool, described, offered } from "./tools.ts";

export interface McpOptions {
  readonly ask: Ask;
  /** Offers the tools that change something or run SQL, too. */
  readonly allowWrites: boolean;
  readonly version: string;
}

type Outcome = { readonly result: JsonObject } | { readonly error: RpcError };
type Method = (options: McpOptions, params: JsonObject, latest: boolean) => Promise<Outcome> | Outcome;

const INSTRUCTIONS =
  "Parallax answers each Elasticsearch search twice, from Elasticsearch and from ClickHouse, and says whether the answers agree. Begin with list_verdicts for what differs by query shape, or list_exchanges with the filter `~verdict different`; then get_diff, get_sql and get_body for one exchange. All answers are JSON.";

const CAPABILITIES: JsonObject = { tools: {}, resources: {} };

/** Those of clients that said `initialize`. */
const WITH_HANDSHAKE: Readonly<Record<string, Method>> = {
  initialize: (options, params) => ({
    result: {
      protocolVersion: agreedVersion(params),
      capabilities: CAPABILITIES,
      serverInfo: serverOf(options),
      instructions: INSTRUCTIONS,
    },
  }),
  ping: () => ({ result: {} }),
};

const METHODS: Readonly<Record<string, Method>> = {
  "server/discover": () => ({ result: { supportedVersions: VERSIONS, capabilities: CAPABILITIES, instructions: INSTRUCTIONS } }),
  "tools/list": ({ allowWrites }, params) => onePage(params, { tools: offered(allowWrites).map(described) }),
  "tools/call": call,
  "resources/list": (_, params) => onePage(params, { resources: describedResources() }),
  "resources/templates/list": (_, params) => onePage(params, { resourceTemplates: [] }),
  "resources/read": read,
};

/** The answer to one message; null for a notification, which has none. Never throws. */
export async function answerMessage(options: McpOptions, value: JsonValue): Promise<JsonObject | null> {
  const message = readMessage(value);
  if (message === null) {
    return errorOf(null, { code: INVALID_REQUEST, message: "This is no JSON-RPC 2.0 request: one object with jsonrpc, id and method." });
  }
  const { id, method, params } = message;
  if (id === undefined) return null;
  const version = versionOf(params);
  const outcome =
    version === null || version === LATEST ? await perform(options, method, params, version !== null) : unknownVersion(version);
  if ("error" in outcome) return errorOf(id, outcome.error);
  return resultOf(id, version === null ? outcome.result : complete(outcome.result, serverOf(options), method !== "tools/call"));
}

async function perform(options: McpOptions, method: string, params: JsonObject, latest: boolean): Promise<Outcome> {
  const methods = latest ? METHODS : { ...METHODS, ...WITH_HANDSHAKE };
  const run = Object.hasOwn(methods, method) ? methods[method] : undefined;
  if (run !== undefined) return run(options, params, latest);
  return { error: { code: METHOD_NOT_FOUND, message: `There is no method ${method} here; there are ${Object.keys(methods).join(", ")}.` } };
}

function unknownVersion(requested: string): Outcome {
  const message = `The protocol of ${JSON.stringify(requested)} is not spoken in _meta; ${LATEST} is, and those before it by initialize.`;
  return { error: { code: UNSUPPORTED_PROTOCOL_VERSION, message, data: { supported: VERSIONS, requested } } };
}

function serverOf({ version }: McpOptions): JsonObject {
  return { name: "parallax", title: "Parallax", version };
}

function onePage(params: JsonObject, result: JsonObject): Outcome {
  if (member(params, "cursor") === undefined) return { result };
  return { error: { code: INVALID_PARAMS, message: "There is one page only, and so no cursor." } };
}

async function call({ ask, allowWrites }: McpOptions, params: JsonObject): Promise<Outcome> {
  const name = member(params, "name");
  const input = member(params, "arguments") ?? {};
  const tools = offered(allowWrites);
  const tool = tools.find((each) => each.name === name);
  if (tool === undefined) {
    const all = offered(true).some((each) => each.name === name);
    const why = all ? "is for those who may write: start with --allow-writes, or ask /mcp?allow-writes=true with the token" : "is no tool";
    return {
      error: {
        code: INVALID_PARAMS,
        message: `${JSON.stringify(name ?? null)} ${why}; there are ${tools.map((each) => each.name).join(", ")}.`,
      },
    };
  }
  if (!isObject(input)) return { error: { code: INVALID_PARAMS, message: `"arguments" of ${tool.name} must be an object.` } };
  return { result: await callTool(tool, input, ask) };
}

async function read(_: McpOptions, params: JsonObject, latest: boolean): Promise<Outcome> {
  const uri = member(params, "uri");
  try {
    const contents = await readResource(typeof uri === "string" ? uri : "");
    if (contents !== null) return { result: { contents: [contents] } };
  } catch (error) {
    return { error: { code: INVALID_PARAMS, message: `${String(uri)} can't be read: ${messageOf(error)}` } };
  }
  const message = `There is no resource ${JSON.stringify(uri ?? null)}; there are ${RESOURCES.map((each) => each.uri).join(", ")}.`;
  return { error: { code: latest ? INVALID_PARAMS : RESOURCE_NOT_FOUND, message } };
}
