// The processes of the proxy's benchmark: `upstream`, `subject` (the proxy with a counting tap) and `load`. Each prints one
// line of JSON: its port when it listens, its figures when it is done.
import { connect, createServer } from "node:net";
import { startProxy } from "../../src/main/proxy/reverse.ts";

const ANSWER_BODY = JSON.stringify({
  took: 1,
  timed_out: false,
  hits: { total: { value: 1, relation: "eq" }, hits: [], filler: "x".repeat(1960) },
});
const ANSWER = Buffer.from(
  `HTTP/1.1 200 OK\r\nX-elastic-product: Elasticsearch\r\ncontent-type: application/json\r\ncontent-length: ${ANSWER_BODY.length}\r\n\r\n${ANSWER_BODY}`,
);
const QUERY = JSON.stringify({
  size: 0,
  query: { range: { "@timestamp": { gte: "now-15m" } } },
  aggs: { 0: { terms: { field: "host" } } },
});
const REQUEST = Buffer.from(
  `POST /logs-*/_search HTTP/1.1\r\nHost: 127.0.0.1:9280\r\nuser-agent: Kibana/9.4.3\r\ncontent-type: application/vnd.elasticsearch+json; compatible-with=9\r\naccept: application/vnd.elasticsearch+json; compatible-with=9\r\ncontent-length: ${QUERY.length}\r\n\r\n${QUERY}`,
);

function say(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Answers every request of the known length at once. */
function upstream(): void {
  const server = createServer({ noDelay: true }, (socket) => {
    let seen = 0;
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk) => {
      // nginx adds and drops header lines, so requests are counted by where their bodies end.
      for (let at = chunk.indexOf(QUERY); at >= 0; at = chunk.indexOf(QUERY, at + 1)) seen += 1;
      for (; seen > 0; seen -= 1) socket.write(ANSWER);
    });
  });
  server.listen(0, "127.0.0.1", 1024, () => say(server.address()));
}

async function subject(url: string): Promise<void> {
  let count = 0;
  let missed = 0;
  const proxy = await startProxy({
    upstream: url,
    port: 0,
    tap: {
      requested: () => undefined,
      exchanged: (exchange) => {
        count += exchange.response?.body.length === ANSWER_BODY.length ? 1 : 0;
      },
      missed: (more) => {
        missed += more;
      },
    },
  });
  say({ port: proxy.port });
  process.stdin.on("data", () => say({ captured: count, missed, rss: process.memoryUsage.rss() }));
  process.stdin.on("end", () => void proxy.stop());
}

/** `connections` clients, each sending its next request when it has its answer, for `seconds`. */
function load(port: number, connections: number, seconds: number): void {
  const latencies: number[] = [];
  const warmUntil = performance.now() + 500;
  const until = warmUntil + seconds * 1000;
  let open = connections;
  for (let index = 0; index < connections; index += 1) {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true });
    let sent = 0;
    let received = 0;
    let expected = 0;
    const next = (): void => {
      sent = performance.now();
      socket.write(REQUEST);
    };
    socket.on("connect", next);
    socket.on("data", (chunk) => {
      if (received === 0) expected = chunk.indexOf("\r\n\r\n") + 4 + ANSWER_BODY.length;
      received += chunk.length;
      if (received < expected) return;
      received = 0;
      const now = performance.now();
      if (sent >= warmUntil) latencies.push(now - sent);
      if (now < until) next();
      else socket.end();
    });
    socket.on("error", (error) => {
      throw error;
    });
    socket.on("close", () => {
      open -= 1;
      if (open > 0) return;
      latencies.sort((a, b) => a - b);
      const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
      say({ rate: latencies.length / seconds, p50: at(0.5), p99: at(0.99) });
    });
  }
}

const [role, first = "", second = "", third = ""] = process.argv.slice(2);
if (role === "upstream") upstream();
else if (role === "subject") await subject(first);
else load(Number(first), Number(second), Number(third));
