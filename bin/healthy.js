#!/usr/bin/env node
// A container's health check: what the health checker wrote last. It needs no token, unlike a call of the interface.
//   node bin/healthy.js [LOG]     exit code 0: it works (a backend may be away), 1: it does not
import { readFileSync } from "node:fs";

const WORKS = ["ok", "degraded", "stopped"];
/** The checker writes every 5 s. */
const STALE_MS = 60_000;

/** Whether the newest line says that Parallax works, and is new. */
export function isHealthy(log, now) {
  const last = log.trimEnd().split("\n").at(-1) ?? "";
  if (last === "") return false;
  const { message, time } = JSON.parse(last);
  return WORKS.includes(message) && now - Date.parse(time) < STALE_MS;
}

if (import.meta.main) {
  try {
    process.exitCode = isHealthy(readFileSync(process.argv[2] ?? "/data/logs/node_health.log", "utf8"), Date.now()) ? 0 : 1;
  } catch {
    process.exitCode = 1;
  }
}
