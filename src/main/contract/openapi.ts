// The OpenAPI 3.1 description of the HTTP API, made from the table of routes and the validators' names.
import { WRITES } from "../../shared/contract.ts";
import type { JsonObject, JsonValue } from "../../shared/json.ts";
import { ROUTES, type Route } from "./routes.ts";

/** The whole document. */
export function openApi(version: string): JsonObject {
  const paths: Record<string, Record<string, JsonValue>> = {};
  for (const route of ROUTES) {
    const path = route.path.replace(":id", "{id}");
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Parallax", version, description: "The debugging interface on port 9999." },
    paths,
    components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
  };
}

function operation(route: Route): JsonObject {
  const parameters: JsonValue[] = [];
  if (route.path.includes(":id")) parameters.push({ name: "id", in: "path", required: true, schema: { type: "integer" } });
  for (const name of route.query ?? []) {
    parameters.push({ name, in: "query", required: false, schema: { type: name === "filter" ? "string" : "integer" } });
  }
  const answer: JsonObject = { description: "The answer.", content: { "application/json": {} } };
  const failed: JsonObject = { description: "What happened, to what, what to do.", content: { "application/json": {} } };
  return {
    summary: route.summary,
    operationId: route.raw === undefined ? route.request : `exchange.${route.raw}`,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(route.method === "POST" ? { requestBody: { required: true, content: { "application/json": {} } } } : {}),
    ...(WRITES.includes(route.request) ? { security: [{ token: [] }] } : {}),
    responses: { "200": answer, default: failed },
  };
}
