// Whose requests they are: the address and port of the client, by whichever way it came.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type Intercept, startIntercept } from "../../../src/main/proxy/intercept/intercept.ts";
import { shareHandedOn } from "../../../src/main/proxy/proxy_options.ts";
import { type Proxy as Endpoint, startProxy } from "../../../src/main/proxy/reverse.ts";
import { type FakeUpstream, jsonAnswer, startFakeUpstream } from "../../support/fake_upstream.ts";
import { openTlsTunnel } from "../../support/intercepted.ts";
import { until } from "../../support/parallax_process.ts";
import { openRaw, type RawConnection, rawRequest } from "../../support/raw_client.ts";
import { type RecordingTap, recordingTap } from "../../support/recording_tap.ts";

const ELSEWHERE = "es.test:9200";

describe("the client of an exchange", () => {
  const folder = mkdtempSync(join(tmpdir(), "source-"));
  const handedOn = shareHandedOn();
  let upstream: FakeUpstream;
  let tap: RecordingTap;
  let endpoint: Endpoint;
  let intercept: Intercept;

  before(async () => {
    upstream = await startFakeUpstream(() => jsonAnswer("{}"));
    tap = recordingTap();
    endpoint = await startProxy({ upstream: upstream.url, port: 0, tap, handedOn });
    intercept = await startIntercept({ port: 0, tap, folder, endpoint: endpoint.port, elasticsearchHosts: [ELSEWHERE], handedOn });
  });
  after(async () => {
    await intercept.stop();
    await endpoint.stop();
    await upstream.close();
    rmSync(folder, { recursive: true });
  });

  /** Asks twice, and holds what the tap hears to have come from this client. */
  async function asked(client: RawConnection, target: string, captured = target): Promise<void> {
    const port = client.socket.localPort;
    for (const time of ["first", "second"]) {
      await client.send(`GET ${target}?${time} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      await client.response();
      const { request } = await tap.exchange(`${captured}?${time}`);
      assert.equal(request.source, `127.0.0.1:${port}`, captured);
    }
  }

  test("is known by its address and port, for each request of a connection", async () => {
    const client = await openRaw(endpoint.port);
    await asked(client, "/direct");
    client.destroy();
  });

  test("is the intercept proxy's own client, to Elasticsearch and elsewhere", async () => {
    const client = await openRaw(intercept.port);
    await asked(client, `http://${ELSEWHERE}/through`, "/through");
    await asked(client, `http://127.0.0.1:${upstream.port}/beside`);
    client.destroy();
  });

  test("is the one at a tunnel's end, whose TLS is opened", async () => {
    const ca = (await rawRequest(intercept.port, "GET /ca.pem HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")).body.toString();
    const client = await openTlsTunnel(intercept.port, ELSEWHERE, { ca, servername: "es.test" });
    await asked(client, "/tunnelled");
    client.destroy();
  });

  test("is forgotten with its connection", async () => {
    const client = await openRaw(intercept.port);
    await asked(client, `http://${ELSEWHERE}/leaving`, "/leaving");
    const own = new Uint16Array(handedOn).indexOf(client.socket.localPort ?? 0);
    assert.notEqual(own, -1);
    client.destroy();
    await until(
      () => new Uint16Array(handedOn)[own],
      (port) => port === 0,
    );
  });
});
