// Secrets that clients send, planted in every place that has one, and looked for in all that Parallax writes and hands out; and who
// can reach it at all.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type CountingCluster, startCountingCluster } from "../../support/counting_cluster.ts";
import { freePort, type ParallaxProcess, startParallax, until } from "../../support/parallax_process.ts";
import { rawRequest } from "../../support/raw_client.ts";

let planted = 0;
/** A secret of its own, in letters that every place takes. */
function secret(): string {
  planted += 1;
  return `hushhush${String(planted).padStart(3, "0")}planted`;
}

const HEADERS = [
  ...["Authorization: Basic ", "authorization: ApiKey ", "AUTHORIZATION: Bearer ", "Authorization: Digest username="],
  ...["Proxy-Authorization: Basic ", "proxy-authorization: Bearer ", "Cookie: sid=", "cookie: a=b; token="],
  ...["es-security-runas-user: ", "ES-Security-RunAs-User: ", "es-client-authentication: SharedSecret ", "X-ClickHouse-Key: "],
  ...["x-clickhouse-key: ", "X-API-Key: ", "x-api-key: "],
];
const PARAMETERS = ["password", "passwd", "api_key", "apikey", "access_token", "token", "secret"];
const MEMBERS = ["password", "password_hash", "new_password", "refresh_token", "access_token", "api_key", "encoded", "token"];

/** All files under a folder, and their names. */
function everything(folder: string): readonly (readonly [string, Buffer])[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path.slice(folder.length), readFileSync(path)]);
}

describe("a running Parallax", { timeout: 240_000 }, () => {
  const upstreamSecret = secret();
  const answerSecret = secret();
  /** Never kept at all. */
  const inHeaders: string[] = [upstreamSecret, answerSecret];
  /** Kept in the session, which is the user's own, and nowhere else. */
  const inMessages: string[] = [];
  let folder = "";
  let through = 0;
  let elasticsearch: CountingCluster;
  let parallax: ParallaxProcess;
  let ended = false;
  const closing: (() => Promise<unknown>)[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "parallax-secrets-"));
    elasticsearch = await startCountingCluster({
      answer: (request, response) => {
        if (request.url?.startsWith("/planted") !== true) return false;
        response.writeHead(200, { "set-cookie": `sid=${answerSecret}`, "content-type": "application/json" }).end("{}");
        return true;
      },
    });
    const url = elasticsearch.url.replace("http://", `http://elastic:${upstreamSecret}@`);
    through = await freePort();
    closing.push(() => elasticsearch.stop());
    parallax = await startParallax(["--elasticsearch", url, "--intercept-port", String(through), "--dump", "--enable-api-profiler"], {
      data: folder,
    });
    closing.push(async () => ended || parallax.end("SIGTERM"));
  });
  after(async () => {
    for (const close of closing.toReversed()) await close();
    await rm(folder, { recursive: true, force: true });
  });

  const own = (kind: "header" | "message"): string => {
    const one = secret();
    (kind === "header" ? inHeaders : inMessages).push(one);
    return one;
  };

  test("listens on the documented ports, on the loopback address only", {
    skip: process.platform === "linux" ? false : "reads /proc",
  }, async () => {
    const documented = [parallax.proxyPort, parallax.interfacePort, through, parallax.clickhousePort];
    const listening = await until(
      async () => listenersOf(parallax.pid),
      (found) => documented.every((port) => found.some((one) => one.port === port)),
    );
    assert.deepEqual(
      listening.filter(({ address }) => address !== "127.0.0.1"),
      [],
    );
    assert.deepEqual(
      listening.map(({ port }) => port).toSorted((a, b) => a - b),
      documented.toSorted((a, b) => a - b),
    );
  });

  test("keeps no secret of a client's but in the session, and none of its headers at all", async () => {
    const host = `127.0.0.1:${elasticsearch.port}`;
    /** Asks both ways, each with a secret of its own. */
    const ask = async (kind: "header" | "message", head: (planted: string) => string, text: (planted: string) => string): Promise<void> => {
      for (const [port, name, origin] of [
        [parallax.proxyPort, "localhost", ""],
        [through, host, `http://${host}`],
      ] as const) {
        const one = own(kind);
        const body = text(one);
        const start = head(one).replace("TARGET", origin);
        await rawRequest(port, `${start}\r\nHost: ${name}\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      }
    };
    const none = (): string => "";
    for (const header of HEADERS) await ask("header", (one) => `GET TARGET/planted HTTP/1.1\r\n${header}${one}`, none);
    const bulk = (): string => '{"index":{"_index":"a"}}\n{"n":1}\n';
    const typed = "HTTP/1.1\r\nContent-Type: application/json";
    await ask("header", (one) => `POST TARGET/_bulk ${typed}\r\nAuthorization: Basic ${one}`, bulk);
    for (const name of PARAMETERS) await ask("message", (one) => `GET TARGET/planted?a=1&${name}=${one} HTTP/1.1`, none);
    for (const name of MEMBERS) {
      await ask(
        "message",
        () => `PUT TARGET/_security/user/a ${typed}`,
        (one) => `{"${name}":"${one}"}`,
      );
    }
    await rawRequest(through, `GET http://user:${own("message")}@${host}/planted HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    assert.ok(planted >= 40, String(planted));
    await until(
      () => parallax.ask<{ readonly written: number }>("/api/dump"),
      ({ written }) => written >= 2 * (HEADERS.length + 1 + PARAMETERS.length + MEMBERS.length),
    );

    const secrets = [...inHeaders, ...inMessages];
    const handed = [
      "/api/har",
      "/api/logs?limit=5000",
      "/api/telemetry",
      "/api/profiles",
      "/api/status",
      "/api/config",
      "/api/statistics/routes",
    ];
    for (const path of handed) {
      const answer = await fetch(parallax.interfaceUrl + path);
      assert.equal(answer.status, 200, path);
      const text = await answer.text();
      assert.deepEqual(
        secrets.filter((one) => text.includes(one)),
        [],
        path,
      );
    }
    const { code } = await parallax.end("SIGTERM");
    ended = true;
    assert.equal(code, 0);
    assert.deepEqual(
      secrets.filter((one) => parallax.printed().includes(one)),
      [],
      "printed",
    );

    const files = everything(folder);
    assert.ok(files.some(([path]) => path.startsWith("/logs/logs-")) && files.some(([path]) => path.includes("/api_profiler/")));
    const [kept = ""] = inMessages;
    assert.ok(
      files.some(([path, bytes]) => path.includes(".parallax") && bytes.includes(kept)),
      "the session is the user's own",
    );
    for (const [path, bytes] of files) {
      const holdsMessages = path.includes(".parallax") || path.includes("journal") || path.startsWith("/clickhouse");
      const found = (holdsMessages ? inHeaders : secrets).filter((one) => bytes.includes(one) || basename(path).includes(one));
      assert.deepEqual(found, [], path);
    }
  });
});

interface Listening {
  readonly address: string;
  readonly port: number;
}

/** The sockets on which a process and those that it started listen. */
function listenersOf(pid: number): readonly Listening[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const parentOf = new Map(pids.map((one) => [one, read(`/proc/${one}/stat`).replace(/^.*\) \S+ (\d+) .*$/s, "$1")]));
  const family = new Set([String(pid)]);
  for (let before = 0; before < family.size; ) {
    before = family.size;
    for (const [one, parent] of parentOf) if (family.has(parent)) family.add(one);
  }
  const inodes = new Set([...family].flatMap(socketsOf));
  return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) =>
    read(file)
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state, , , , , , inode]) => state === "0A" && inodes.has(inode ?? ""))
      .map(([, local = ""]) => {
        const [address = "", port = ""] = local.split(":");
        return { address: address === "0100007F" ? "127.0.0.1" : address, port: Number.parseInt(port, 16) };
      }),
  );
}

function socketsOf(pid: string): readonly string[] {
  return safely(() => readdirSync(`/proc/${pid}/fd`), []).map((fd) =>
    safely(() => readlinkSync(`/proc/${pid}/fd/${fd}`), "").replace(/^socket:\[(\d+)\]$/, "$1"),
  );
}

function read(file: string): string {
  return safely(() => readFileSync(file, "utf8"), "");
}

/** A process may end while it is looked at. */
function safely<T>(look: () => T, otherwise: T): T {
  try {
    return look();
  } catch {
    return otherwise;
  }
}
