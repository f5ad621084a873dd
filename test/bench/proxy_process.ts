// The processes of the proxy's benchmark: `upstream`, `wire` (the proxy's thread with a counting tap) and `load`. Each prints one
// line of JSON: its port when it listens, its figures when it is done.
import { connect, createServer } from "node:net";
import { startProxy } from "../../src/main/proxy/reverse.ts";

const ANSWER_BODY = JSON.stringify({
  took: 1,
  timed_out: false,
  hits: { total: { value: 1, relation: "eq" }, hits: [], filler: "x".repeat(1960) },
});
const ANSWER_HEAD = "HTTP/1.1 200 OK\r\nX-elastic-product: Elasticsearch\r\ncontent-type: application/json\r\n";
const ANSWER = Buffer.from(`${ANSWER_HEAD}content-length: ${ANSWER_BODY.length}\r\n\r\n${ANSWER_BODY}`);
const NOTHING = Buffer.from(`${ANSWER_HEAD}content-length: 2\r\n\r\n{}`);
const QUERY = JSON.stringify({
  size: 0,
  query: { range: { "@timestamp": { gte: "now-15m" } } },
  aggs: { 0: { terms: { field: "host" } } },
});
const HEADERS =
  "user-agent: Kibana/9.4.3\r\ncontent-type: application/vnd.elasticsearch+json; compatible-with=9\r\n" +
  "accept: application/vnd.elasticsearch+json; compatible-with=9\r\n";
const WARM_MS = 500;

function say(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Answers every search of the known length at once, and what else it is asked with an empty object. */
function upstream(): void {
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on("error", () => socket.destroy());
    socket.on("data", (chunk) => {
      // nginx adds and drops header lines, so requests are counted by where their bodies end.
      for (let at = chunk.indexOf(QUERY); at >= 0; at = chunk.indexOf(QUERY, at + 1)) socket.write(ANSWER);
      if (chunk.indexOf("GET ") === 0) socket.write(NOTHING);
    });
  });
  server.listen(0, "127.0.0.1", 1024, () => say(server.address()));
}

async function wire(url: string): Promise<void> {
  let exchanges = 0;
  let missed = 0;
  const proxy = await startProxy({
    upstream: url,
    port: 0,
    tap: {
      requested: () => undefined,
      exchanged: (exchange) => {
        exchanges += exchange.response?.body.length === ANSWER_BODY.length ? 1 : 0;
      },
      missed: (more) => {
        missed += more;
      },
    },
  });
  say({ port: proxy.port });
  process.stdin.on("data", () => say({ exchanges, missed }));
  process.stdin.on("end", () => void proxy.stop());
}

/** `connections` clients, each sending its next request when it has its answer, for `seconds`. `origin`: before the target, for forward proxies. */
function load(port: number, connections: number, seconds: number, origin: string): void {
  const request = Buffer.from(
    `POST ${origin}/logs-*/_search HTTP/1.1\r\nHost: ${origin === "" ? `127.0.0.1:${port}` : new URL(origin).host}\r\n` +
      `${HEADERS}content-length: ${QUERY.length}\r\n\r\n${QUERY}`,
  );
  const latencies: number[] = [];
  const warmUntil = performance.now() + WARM_MS;
  const until = warmUntil + seconds * 1000;
  let open = connections;
  let all = 0;
  for (let index = 0; index < connections; index += 1) {
    const socket = connect({ host: "127.0.0.1", port, noDelay: true });
    let sent = 0;
    let received = 0;
    let expected = 0;
    const next = (): void => {
      sent = performance.now();
      all += 1;
      socket.write(request);
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
      say({ all, rate: latencies.length / seconds, p50: at(0.5), p99: at(0.99) });
    });
  }
}

const [role, first = "", second = "", third = "", fourth = ""] = process.argv.slice(2);
if (role === "upstream") upstream();
else if (role === "wire") await wire(first);
else load(Number(first), Number(second), Number(third), fourth);
