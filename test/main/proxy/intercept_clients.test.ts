// Clients that people use, through the intercept proxy, told as docs/intercept.md says.
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { openAuthority } from "../../../src/main/proxy/intercept/authority.ts";
import { type Intercept, startIntercept } from "../../../src/main/proxy/intercept/intercept.ts";
import { type FakeUpstream, jsonAnswer, startFakeUpstream } from "../../support/fake_upstream.ts";
import { answering, SERVER_AUTHORITY, type SocketServer, startSocketServer } from "../../support/intercepted.ts";
import { type RecordingTap, recordingTap } from "../../support/recording_tap.ts";

const run = promisify(execFile);
const curl = spawnSync("curl", ["--version"]).status === 0 ? false : "curl is not installed";

describe("through the intercept proxy", () => {
  const folder = mkdtempSync(join(tmpdir(), "intercept-clients-"));
  const ca = join(folder, "ca.pem");
  let plain: FakeUpstream;
  let secure: SocketServer;
  let proxy: Intercept;
  let tap: RecordingTap;

  before(async () => {
    openAuthority(folder, new Date());
    plain = await startFakeUpstream(({ body }) => jsonAnswer(`{"got":${body.length}}`));
    secure = await startSocketServer(
      answering((_head, socket) => socket.end("HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecure")),
      "127.0.0.1",
    );
    tap = recordingTap();
    proxy = await startIntercept({ port: 0, tap, folder, endpoint: 1, ca: SERVER_AUTHORITY.certificate });
  });
  after(async () => {
    await proxy.stop();
    await plain.close();
    await secure.close();
    rmSync(folder, { recursive: true });
  });

  const environment = (): NodeJS.ProcessEnv => ({
    ...process.env,
    NO_PROXY: "",
    no_proxy: "",
    HTTPS_PROXY: proxy.url,
    https_proxy: proxy.url,
  });

  test("curl asks http and https", { skip: curl }, async () => {
    const posted = await run("curl", ["-sS", "-x", proxy.url, "-d", "abc", `http://127.0.0.1:${plain.port}/curl`]);
    assert.equal(posted.stdout, '{"got":3}');
    const asked = await run("curl", ["-sS", "-x", proxy.url, "--cacert", ca, `https://127.0.0.1:${secure.port}/curl`]);
    assert.equal(asked.stdout, "secure");
    assert.equal((await tap.exchange(`https://127.0.0.1:${secure.port}/curl`)).response?.status, 200);
  });

  test("curl offers HTTP/2 and goes on without it, and speaks TLS with the proxy itself", { skip: curl }, async () => {
    const url = `https://127.0.0.1:${secure.port}/h2`;
    const two = await run("curl", ["-sS", "--http2", "-w", "%{http_version}", "-x", proxy.url, "--cacert", ca, url]);
    assert.equal(two.stdout, "secure1.1");
    const own = ["-x", `https://127.0.0.1:${proxy.port}`, "--proxy-cacert", ca, "--cacert", ca];
    assert.equal((await run("curl", ["-sS", ...own, url])).stdout, "secure");
  });

  test("curl does not go on without the certificate", { skip: curl }, async () => {
    const distrusting = run("curl", ["-sS", "-x", proxy.url, `https://127.0.0.1:${secure.port}/distrusted`]);
    await assert.rejects(distrusting, { code: 60 });
  });

  test("Node asks https with what its environment says", async () => {
    const script = `console.log(await (await fetch(process.argv[1])).text())`;
    const env = { ...environment(), NODE_EXTRA_CA_CERTS: ca, NODE_USE_ENV_PROXY: "1" };
    const asked = await run(process.execPath, ["--input-type=module", "-e", script, `https://127.0.0.1:${secure.port}/node`], { env });
    assert.equal(asked.stdout, "secure\n");
    await tap.exchange(`https://127.0.0.1:${secure.port}/node`);
  });

  test("Python asks https with what its environment says", async (context) => {
    const script = "import sys,urllib.request;print(urllib.request.urlopen(sys.argv[1]).read().decode())";
    if (spawnSync("python3", ["-c", "import urllib.request, ssl"]).status !== 0) return context.skip("python3 is not installed");
    const asked = await run("python3", ["-c", script, `https://127.0.0.1:${secure.port}/python`], {
      env: { ...environment(), SSL_CERT_FILE: ca },
    });
    assert.equal(asked.stdout, "secure\n");
    return undefined;
  });
});
