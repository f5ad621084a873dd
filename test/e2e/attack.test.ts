// Pages of other sites in a real Chromium, against a Parallax that runs: by every way that a page has to send something, from another origin and
// by a name that was made to lead here (DNS rebinding). No write may reach Elasticsearch, no answer may be read.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import { browserMissing, launchBrowser } from "../support/browser.ts";
import { type CountingCluster, startCountingCluster } from "../support/counting_cluster.ts";
import { type ParallaxProcess, startParallax } from "../support/parallax_process.ts";

const MARK = "pwned";

interface Outcome {
  /** Ways whose answer the page could read, with what it said. */
  readonly read: readonly string[];
  readonly tried: number;
}

describe("a page of another site", { skip: browserMissing, timeout: 240_000 }, () => {
  let cluster: CountingCluster;
  let parallax: ParallaxProcess;
  let browser: Browser;
  const evil = createServer((_request, response) => response.end("<!doctype html><title>evil</title>"));

  before(async () => {
    cluster = await startCountingCluster();
    parallax = await startParallax(["--elasticsearch", cluster.url], { noToken: false });
    await once(evil.listen(0, "127.0.0.1"), "listening");
    browser = await launchBrowser(["--host-resolver-rules=MAP evil.example 127.0.0.1,MAP rebound.example 127.0.0.1"]);
  });

  after(async () => {
    await browser?.close();
    await parallax?.stop();
    await cluster?.stop();
    evil.close();
  });

  /** Opens an attacker's page at `url`, as if it had been there before the name led here, and lets it try `target`. */
  async function attack(url: string, target: string): Promise<Outcome> {
    const page = await browser.newPage();
    try {
      await page.route(url, (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html><title>evil</title>" }));
      await page.goto(url);
      return await everyWay(page, target);
    } finally {
      await page.close();
    }
  }

  const writes = () => cluster.requests.filter((line) => line.includes(MARK) && !/^(GET|HEAD|OPTIONS) /.test(line));

  for (const [who, origin] of [
    ["of another name", () => `http://evil.example:${(evil.address() as AddressInfo).port}/`],
    ["of another port", () => `http://127.0.0.1:${(evil.address() as AddressInfo).port}/`],
  ] as const) {
    test(`${who} writes nothing and reads nothing`, async () => {
      for (const target of [parallax.proxyUrl, parallax.interfaceUrl]) {
        const { read, tried } = await attack(origin(), target);
        assert.ok(tried > 15);
        assert.deepEqual(read, [], target);
      }
      assert.deepEqual(writes(), []);
    });
  }

  test("whose name leads here writes nothing and reads nothing", async () => {
    for (const port of [parallax.proxyPort, parallax.interfacePort]) {
      const { read } = await attack(`http://rebound.example:${port}/attack`, `http://rebound.example:${port}`);
      assert.deepEqual(read, []);
    }
    assert.deepEqual(writes(), []);
  });

  test("did not change what Parallax does, which still lets its own clients write", async () => {
    const status = await parallax.ask<{ running: boolean; mode: string }>("/api/status");
    assert.deepEqual([status.running, status.mode], [true, "compare"]);
    const body = `{"index":{"_index":"${MARK}","_id":"1"}}\n{"n":1}\n`;
    const answer = await fetch(`${parallax.proxyUrl}/_bulk?${MARK}`, {
      method: "POST",
      headers: { "content-type": "application/x-ndjson" },
      body,
    });
    assert.equal(answer.status, 200);
    assert.deepEqual(writes(), [`POST /_bulk?${MARK}`], "the cluster does count writes");
  });
});

/** Everything that a page can do to reach `target`; gives what of it could be read with success. */
function everyWay(page: Page, target: string): Promise<Outcome> {
  return page.evaluate(
    async ([base, mark]) => {
      const read: string[] = [];
      let tried = 0;
      const bulk = `{"index":{"_index":"${mark}","_id":"1"}}\n{"n":1}\n`;
      const quit = '{"running":false}';
      const noted = async (how: string, work: () => Promise<Response>): Promise<void> => {
        tried += 1;
        try {
          const response = await work();
          if (response.ok) read.push(`${how}: ${(await response.text()).slice(0, 80)}`);
        } catch {
          // Refused, as it should be.
        }
      };
      const paths = [
        `/_bulk?${mark}`,
        `/${mark}/_doc/1`,
        `/${mark}/_delete_by_query`,
        `/api/call/proxy.set?${mark}`,
        `/api/call/app.quit?${mark}`,
      ];
      for (const path of paths) {
        const body = path.startsWith("/api") ? quit : bulk;
        for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/json", "application/x-ndjson"]) {
          const init = { method: "POST", body, headers: { "content-type": type } };
          await noted(`POST ${path} ${type}`, () => fetch(base + path, init));
          await noted(`no-cors POST ${path}`, () => fetch(base + path, { ...init, mode: "no-cors" }));
        }
        await noted(`PUT ${path}`, () => fetch(base + path, { method: "PUT", body }));
        await noted(`DELETE ${path}`, () => fetch(base + path, { method: "DELETE" }));
        navigator.sendBeacon(base + path, body);
        const form = document.createElement("form");
        const frame = document.createElement("iframe");
        frame.name = `f${tried}`;
        Object.assign(form, { method: "POST", action: base + path, target: frame.name, enctype: "text/plain" });
        const field = document.createElement("input");
        Object.assign(field, { name: '{"n":1, "x":"', value: '"}' });
        form.append(field);
        document.body.append(frame, form);
        const landed = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
        form.submit();
        await landed;
        tried += 1;
      }
      for (const path of ["/", "/_search", "/api/status", "/api/exchanges", "/api/har", "/api/openapi.json"])
        await noted(`GET ${path}`, () => fetch(base + path));
      for (const path of ["/", "/_search", "/api/events"]) {
        tried += 1;
        const socket = new WebSocket(base.replace("http", "ws") + path);
        await new Promise<void>((resolve) => {
          socket.onopen = () => {
            read.push(`WebSocket ${path}`);
            resolve();
          };
          socket.onerror = () => resolve();
          socket.onclose = () => resolve();
        });
      }
      tried += 1;
      const stream = new EventSource(`${base}/api/events`);
      await new Promise<void>((resolve) => {
        stream.onopen = () => {
          read.push("EventSource");
          resolve();
        };
        stream.onerror = () => resolve();
      });
      stream.close();
      const frame = document.createElement("iframe");
      frame.src = base;
      document.body.append(frame);
      await new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
      // Chromium shows an error page of another origin in place of what may not be framed.
      try {
        if (frame.contentDocument?.querySelector("#root") !== null && frame.contentDocument !== null) read.push("frame");
      } catch {
        // Of another origin.
      }
      return { read, tried };
    },
    [target, MARK] as const,
  );
}
