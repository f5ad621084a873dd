// The OpenAPI 3.1 description of the HTTP API, made from the table of routes and the validators' names.
import { WRITES } from "../../shared/contract.ts";
import type { JsonObject, JsonValue } from "../../shared/json.ts";
import { queryType, ROUTES, type Route } from "./routes.ts";
import { REQUEST_NAMES } from "./validate.ts";

/** A member of the request that stands in the path. */
const PLACE = /:(\w+)/g;

/** The whole document. */
export function openApi(version: string): JsonObject {
  const paths: Record<string, Record<string, JsonValue>> = {};
  for (const route of ROUTES) {
    const path = route.path.replace(PLACE, "{$1}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  paths["/api/call/{name}"] = { post: call() };
  paths["/api/har"] = { get: har() };
  paths["/api/session"] = { put: upload() };
  paths["/api/events"] = { get: stream() };
  return {
    openapi: "3.1.0",
    info: { title: "Parallax", version, description: "The debugging interface on port 9999." },
    paths,
    components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
  };
}

const FAILED: JsonObject = { description: "What happened, to what, what to do.", content: { "application/json": {} } };

function call(): JsonObject {
  return {
    summary: `Any request of the contract by its name. These need the token: ${WRITES.join(", ")}.`,
    operationId: "call",
    parameters: [{ name: "name", in: "path", required: true, schema: { type: "string", enum: REQUEST_NAMES } }],
    requestBody: { required: false, content: { "application/json": { schema: { type: "object" } } } },
    security: [{}, { token: [] }],
    responses: { "200": { description: "The answer.", content: { "application/json": {} } }, default: FAILED },
  };
}

function har(): JsonObject {
  const query = (name: string, type: string): JsonObject => ({ name, in: "query", required: false, schema: { type } });
  return {
    summary: "Captured exchanges as HAR 1.2, oldest first; without secrets unless `redact` is false.",
    operationId: "har",
    parameters: [query("filter", "string"), query("redact", "boolean")],
    responses: { "200": { description: "The HAR.", content: { "application/json": {} } }, default: FAILED },
  };
}

function upload(): JsonObject {
  return {
    summary: "Takes a session file or a HAR and shows it.",
    operationId: "upload",
    parameters: [{ name: "name", in: "query", required: true, schema: { type: "string" } }],
    requestBody: { required: true, content: { "application/octet-stream": {} } },
    security: [{}, { token: [] }],
    responses: { "200": { description: "The status.", content: { "application/json": {} } }, default: FAILED },
  };
}

function stream(): JsonObject {
  return {
    summary: "Server-sent events: exchanges, status, verdicts and pipes as they change.",
    operationId: "events",
    responses: { "200": { description: "A stream without end.", content: { "text/event-stream": {} } }, default: FAILED },
  };
}

function operationIdOf({ raw, request }: Route): string {
  if (raw === undefined || raw === "profile") return request;
  return raw === "ca" ? "intercept.certificate" : `exchange.${raw}`;
}

function operation(route: Route): JsonObject {
  const parameters: JsonValue[] = [];
  for (const [, name = ""] of route.path.matchAll(PLACE)) {
    parameters.push({ name, in: "path", required: true, schema: { type: name === "id" ? "integer" : "string" } });
  }
  for (const name of route.query ?? []) {
    parameters.push({
      name,
      in: "query",
      required: false,
      schema: { type: queryType(name) },
    });
  }
  const answer: JsonObject = { description: "The answer.", content: { [route.as ?? "application/json"]: {} } };
  return {
    summary: route.summary,
    operationId: operationIdOf(route),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.method === "POST"
      ? { requestBody: { required: true, content: { "application/json": {}, "application/x-www-form-urlencoded": {} } } }
      : {}),
    ...(WRITES.includes(route.request) ? { security: [{ token: [] }] } : {}),
    responses: { "200": answer, default: FAILED },
  };
}
