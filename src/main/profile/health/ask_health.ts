// One call of /api/health, and what its answer means.
import { request } from "node:http";
import type { HealthState } from "../../../shared/health.ts";
import { isObject, member, parseJson } from "../../../shared/json.ts";
import { messageOf } from "../../../shared/thrown.ts";

export interface HealthAnswer {
  readonly state: HealthState;
  readonly message: string;
}

/** Never rejects: no answer within `timeoutMs` is `failed`. */
export async function askHealth(url: string, token: string | null, timeoutMs: number): Promise<HealthAnswer> {
  const late = AbortSignal.timeout(timeoutMs);
  try {
    const { status, text } = await get(`${url}/api/health`, token, late);
    return meaning(status, text);
  } catch (error) {
    const message = late.aborted ? `/api/health did not answer within ${timeoutMs / 1000} s.` : `/api/health: ${messageOf(error)}`;
    return { state: "failed", message };
  }
}

function get(url: string, token: string | null, signal: AbortSignal): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const headers = token === null ? {} : { authorization: `Bearer ${token}` };
    const asked = request(url, { headers, signal, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      response.on("error", reject);
    });
    asked.on("error", reject).end();
  });
}

/** What an answer of /api/health says. */
export function meaning(status: number, text: string): HealthAnswer {
  const answer = parsed(text);
  if (status === 200) {
    const degraded = answer !== null && member(answer, "status") === "degraded";
    return degraded ? { state: "degraded", message: "A backend is away." } : { state: "ok", message: "" };
  }
  const error = answer === null ? undefined : member(answer, "error");
  const code = isObject(error) ? member(error, "code") : undefined;
  const message = isObject(error) ? String(member(error, "message") ?? "") : text.slice(0, 300);
  if (status === 503 && (code === "starting" || code === "stopped")) return { state: code, message };
  return { state: "failed", message: `/api/health answered ${status}: ${message}` };
}

function parsed(text: string) {
  try {
    const value = parseJson(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
