// One call of /api/health, and what its answer means.
import { connect } from "node:net";
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
    const { status, text } = await get(new URL("/api/health", url), token, late);
    return meaning(status, text);
  } catch (error) {
    const message = late.aborted ? `/api/health did not answer within ${timeoutMs / 1000} s.` : `/api/health: ${messageOf(error)}`;
    return { state: "failed", message };
  }
}

// By hand: a client of node:http would take 8 MB in its thread. Our own server says all of an answer and closes.
function get(url: URL, token: string | null, signal: AbortSignal): Promise<{ readonly status: number; readonly text: string }> {
  const authorization = token === null ? "" : `Authorization: Bearer ${token}\r\n`;
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(Number(url.port), url.hostname).setEncoding("utf8");
    signal.addEventListener("abort", () => socket.destroy());
    socket.on("data", (chunk: string) => (text += chunk));
    socket.on("error", reject);
    socket.on("close", () => {
      const end = text.indexOf("\r\n\r\n");
      if (end < 0) reject(new Error("It was closed without an answer."));
      else resolve({ status: Number(text.split(" ", 2)[1]), text: text.slice(end + 4) });
    });
    socket.write(`GET ${url.pathname} HTTP/1.1\r\nHost: ${url.host}\r\n${authorization}Connection: close\r\n\r\n`);
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
