// The JSON body of a request to an endpoint. Pure.
import { isObject, type JsonObject, JsonSyntaxError, parseJson } from "../../shared/json.ts";

/** The body as an object; null where it is none. */
export function objectBody(body: string): JsonObject | null {
  try {
    const value = parseJson(body);
    return isObject(value) ? value : null;
  } catch (error) {
    if (error instanceof JsonSyntaxError) return null;
    throw error;
  }
}
