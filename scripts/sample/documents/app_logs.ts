// `app-logs`: what a shop's services write, over the same days as the web servers' log, in an index of three shards.
import type { JsonValue } from "../../../src/shared/json.ts";
import type { Random } from "../random.ts";
import {
  type BulkItem,
  boolean,
  type DocumentSource,
  date,
  double,
  float,
  integer,
  ip,
  keyword,
  long,
  object,
  text,
  textWithKeyword,
} from "../source.ts";
import { WEB_HOURS, WEB_START } from "./web_access.ts";

const COUNT = 9000;
const SERVICES = [
  ["checkout", 22],
  ["payments", 15],
  ["inventory", 18],
  ["search", 20],
  ["mail", 8],
  ["users", 12],
  ["recommendations", 5],
] as const;
const LEVELS = [
  ["info", 70],
  ["debug", 14],
  ["warn", 9],
  ["error", 6],
  ["fatal", 1],
] as const;
const CUSTOMERS = [
  "Anna Nilsson",
  "Zoë Müller",
  "José García",
  "李雷",
  "Ольга Иванова",
  "Søren Ström",
  "Chinedu Okafor",
  "María-José Núñez",
];

export function appLogs(random: Random): DocumentSource {
  return {
    index: "app-logs",
    creation: {
      settings: { number_of_shards: 3, number_of_replicas: 0 },
      mappings: {
        properties: {
          "@timestamp": date,
          message: text,
          log: object({ level: keyword, logger: keyword }),
          service: object({ name: keyword, version: keyword }),
          host: object({ name: keyword }),
          trace: object({ id: keyword }),
          customer: textWithKeyword,
          client: object({ ip }),
          duration_ms: double,
          memory_mb: float,
          retries: integer,
          bytes: long,
          success: boolean,
          order: object({ total: double, items: integer, currency: keyword }),
          error: object({ type: keyword, message: text, stack_trace: { type: "text", index: false } }),
          labels: object({ region: keyword, team: keyword }),
          tags: keyword,
        },
      },
    },
    bulkSize: 450,
    items: Array.from({ length: COUNT }, (_, number) => logItem(random, number)),
  };
}

function logItem(random: Random, number: number): BulkItem {
  const time = WEB_START + Math.round((number / COUNT) * WEB_HOURS * 3_600_000) + random.integer(0, 20_000);
  const service = random.weighted(SERVICES);
  const level = random.weighted(LEVELS);
  const failed = level === "error" || level === "fatal";
  const customer = random.pick(CUSTOMERS);
  const duration = Math.round(random.longTail(failed ? 900 : 85) * 1000) / 1000;
  const retries = random.weighted([
    [0, 16],
    [1, 3],
    [2, 1],
    [5, 1],
  ]);
  const total = Math.round(random.longTail(70) * 100) / 100;
  const items = random.integer(1, 9);
  const document: Record<string, JsonValue> = {
    "@timestamp": new Date(time).toISOString(),
    message: failed ? failure(random, service, customer) : story(random, service, customer, items, total, duration),
    log: { level, logger: `com.shop.${service}.${random.pick(["Handler", "Repository", "Scheduler", "Client"])}` },
    "service.name": service,
    service: {
      version: random.weighted([
        ["2.14.0", 6],
        ["2.14.1", 3],
        ["3.0.0-rc.1", 1],
      ]),
    },
    host: { name: `${service}-${random.integer(1, 4)}` },
    trace: { id: random.hex(32) },
    duration_ms: duration,
    memory_mb: Math.round((180 + random.longTail(60)) * 10) / 10,
    retries: number % 50 === 0 ? String(retries) : retries,
    success: failed ? false : random.chance(0.03) ? null : number % 40 === 0 ? "true" : true,
    labels: {
      region: random.pick(["eu-west", "eu-north", "us-east"]),
      team: service === "mail" || service === "users" ? "accounts" : "commerce",
    },
  };
  if (random.chance(0.5)) document.customer = customer;
  if (random.chance(0.6)) document.client = { ip: `10.${random.integer(0, 4)}.${random.integer(0, 40)}.${random.integer(1, 250)}` };
  if (service === "checkout" || service === "payments")
    document.order = {
      total,
      items,
      currency: random.weighted([
        ["EUR", 6],
        ["USD", 3],
        ["JPY", 1],
      ]),
    };
  if (random.chance(0.5))
    document.bytes = random.chance(0.1) ? [random.integer(0, 999), random.integer(0, 99_999)] : random.integer(0, 99_999);
  if (random.chance(0.3)) document.tags = random.pick<JsonValue>([["slow"], ["beta", "slow"], [], ["beta", null, "batch"], "batch"]);
  if (failed) document.error = faultOf(random, service);
  return { action: "index", meta: { _id: `${random.hex(8)}-${number}` }, document };
}

function story(random: Random, service: string, customer: string, items: number, total: number, duration: number): string {
  const lines: Readonly<Record<string, readonly string[]>> = {
    checkout: [`Order of ${items} items for ${customer} placed, total ${total}`, `Cart of ${customer} restored after ${items} minutes`],
    payments: [`Payment of ${total} accepted for ${customer}`, `Card check took ${duration} ms`, "Payment provider's health check passed"],
    inventory: [
      `Stock of SKU-${random.integer(100, 400)} is down to ${items}`,
      "Nightly stock-taking started",
      `Reserved ${items} pieces in warehouse north-${random.integer(1, 3)}`,
    ],
    search: [
      `Query "${random.pick(["red lamp", "oak desk", "café table", "quick-dry rug"])}" returned ${items * 7} results in ${duration} ms`,
      "Index refreshed",
    ],
    mail: [`Mail to ${customer} queued`, `Newsletter sent to ${items * 1000} readers ✉️`],
    users: [`User ${customer} signed in`, `User ${customer} changed the password`, "Session expired"],
    recommendations: [`Model v${items} loaded in ${duration} ms`, "Cache warmed up"],
  };
  return random.pick(lines[service] ?? ["Started"]);
}

function failure(random: Random, service: string, customer: string): string {
  return random.pick([
    `Connection timeout while calling ${random.pick(["payments", "inventory", "mail"])} from ${service}`,
    `Failed to process request for ${customer}: connection refused`,
    `Unexpected end of stream in ${service}`,
    "Out of memory: killed the worker",
  ]);
}

function faultOf(random: Random, service: string): JsonValue {
  const type = random.weighted([
    ["TimeoutException", 6],
    ["ConnectException", 4],
    ["IllegalStateException", 2],
    ["OutOfMemoryError", 1],
  ]);
  return {
    type,
    message: `${type} in ${service}`,
    stack_trace: `${type}\n\tat com.shop.${service}.Handler.handle(Handler.java:${random.integer(20, 300)})`,
  };
}
