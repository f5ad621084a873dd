// One line, or many, of a service behind the web server.
import type { JsonObject } from "../../../shared/json.ts";
import { isoTime } from "./kind.ts";
import type { Random } from "./random.ts";
import type { LogMoment } from "./web_log.ts";

const SERVICES: readonly [string, ...string[]] = ["payments", "catalogue", "cart", "recommendations", "mailer", "search"];
const LEVELS: readonly [string, ...string[]] = ["info", "debug", "warn"];
const QUIET: readonly [string, ...string[]] = [
  "Order accepted",
  "Cache miss, asked the database",
  "Connection pool: 12 of 40 in use",
  "Bestellung angenommen für Größe XL",
  "注文を受け付けました",
  "Заказ принят",
  "Payment settled ✅ in 2 steps",
  "Slow query: SELECT *\n  FROM orders\n WHERE customer = ?\n ORDER BY placed DESC",
];
const FAULTS: readonly [Fault, ...Fault[]] = [
  { type: "java.net.SocketTimeoutException", message: "Read timed out after 5000 ms", at: "PaymentClient.charge" },
  { type: "java.lang.NullPointerException", message: 'Cannot invoke "Cart.items()" because "cart" is null', at: "CartService.total" },
  { type: "org.postgresql.util.PSQLException", message: "FATAL: remaining connection slots are reserved", at: "OrderRepository.save" },
  { type: "java.lang.IllegalStateException", message: "Bestand von „Kanne“ ist negativ: -3", at: "Stock.reserve" },
];
const FRAMES: readonly [string, ...string[]] = [
  "shop.web.Handler.handle(Handler.java:88)",
  "shop.web.Filter.doFilter(Filter.java:41)",
  "jakarta.servlet.http.HttpServlet.service(HttpServlet.java:658)",
  "org.eclipse.jetty.server.Server.handle(Server.java:181)",
  "java.base/java.util.concurrent.ThreadPoolExecutor.runWorker(ThreadPoolExecutor.java:1144)",
  "java.base/java.lang.Thread.run(Thread.java:1583)",
];
const HOSTS = 10;

interface Fault {
  readonly type: string;
  readonly message: string;
  readonly at: string;
}

export function applicationLog(random: Random, { number, time, stormy }: LogMoment): JsonObject {
  const service = random.skewed(SERVICES);
  const failed = random.chance(stormy ? 0.5 : 0.02);
  const fault = failed ? random.skewed(FAULTS) : null;
  const level = fault !== null ? (random.chance(0.1) ? "fatal" : "error") : random.skewed(LEVELS);
  const text = fault === null ? random.skewed(QUIET) : `${fault.type}: ${fault.message}`;
  return {
    "@timestamp": isoTime(time),
    message: text,
    tags: [service, level],
    event: {
      dataset: "app.log",
      outcome: fault === null ? "success" : "failure",
      duration: Math.round(random.longTailed(8_000_000)),
      sequence: number,
    },
    log: { level, logger: `shop.${service}.${fault?.at.split(".", 1)[0] ?? "Service"}` },
    service: { name: service, version: `2.${random.below(3)}.0` },
    host: { name: `app-${1 + random.below(HOSTS)}` },
    process: { pid: 1000 + random.below(8), thread: { name: `http-nio-${random.below(32)}` } },
    trace: { id: random.hex(32) },
    ...(fault === null ? {} : { error: { type: fault.type, message: fault.message, stack_trace: stackTrace(random, fault) } }),
    labels: { region: random.skewed(["eu-west", "us-east", "ap-south"]), canary: random.chance(0.05) ? "yes" : "no" },
  };
}

function stackTrace(random: Random, { type, message, at }: Fault): string {
  const frames = FRAMES.slice(random.below(3)).map((frame) => `\tat ${frame}`);
  const head = [`${type}: ${message}`, `\tat shop.${at}(${at.split(".", 1)[0]}.java:${20 + random.below(400)})`, ...frames];
  if (random.chance(0.5)) return head.join("\n");
  return [
    ...head,
    `Caused by: java.io.IOException: Broken pipe`,
    `\tat java.base/sun.nio.ch.SocketDispatcher.write0(Native Method)`,
    "\t... 12 more",
  ].join("\n");
}
