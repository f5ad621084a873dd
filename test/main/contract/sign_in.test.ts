// `auth.required`: nothing is to be had without the token, and a browser gets in by the address that the start prints.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { after, before, describe, test } from "node:test";
import { EventHub } from "../../../src/main/contract/events.ts";
import type { Handlers } from "../../../src/main/contract/handlers.ts";
import { type Interface, startInterface } from "../../../src/main/contract/http_server.ts";
import { ROUTES } from "../../../src/main/contract/routes.ts";
import { NO_PRODUCERS } from "../../support/fake_interface.ts";

const TOKEN = "the-token";

describe("an interface that needs the token for every call", () => {
  let server: Interface;
  const page = mkdtempSync(join(tmpdir(), "parallax-sign-in-"));
  before(async () => {
    writeFileSync(join(page, "index.html"), "<html><head></head><body>the page</body></html>");
    server = await startInterface({
      handlers: new Proxy({} as Handlers, { get: (_target, name) => () => name }),
      events: new EventHub(NO_PRODUCERS),
      raw: async () => ({ type: "text/plain", body: Buffer.from("raw") }),
      har: () => Readable.from(["a"]),
      page,
      token: TOKEN,
      authRequired: true,
      version: "1.2.3",
      port: 0,
      exactPort: true,
    });
  });
  after(async () => {
    await server.stop();
    rmSync(page, { recursive: true });
  });

  const get = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> =>
    fetch(server.url + path, { headers, redirect: "manual" });

  test("refuses every route without it, and none with it", async () => {
    const paths = ROUTES.filter(({ method }) => method === "GET").map(({ path }) => path.replaceAll(/:id/g, "1").replaceAll(/:\w+/g, "x"));
    for (const path of [...paths, "/api/openapi.json", "/api/har", "/api/events", "/assets/page.js"]) {
      const refused = await get(path);
      assert.equal(refused.status, 401, path);
      assert.match(await refused.text(), /Admin token/, path);
    }
    // 400: the route is reached, and misses what its query must say.
    for (const path of paths) assert.match(String((await get(path, { authorization: `Bearer ${TOKEN}` })).status), /^(200|400)$/, path);
  });

  test("gives a form for the page, and lets the printed address in by a cookie that no script reads", async () => {
    const form = await get("/");
    assert.equal(form.status, 401);
    assert.match(await form.text(), /<input name="token" type="password"/);
    assert.equal((await get("/?token=another")).status, 401);

    const entered = await get(`/?token=${TOKEN}`);
    assert.equal(entered.status, 303);
    assert.equal(entered.headers.get("location"), "/");
    const cookie = entered.headers.get("set-cookie") ?? "";
    assert.match(cookie, /; HttpOnly; SameSite=Strict$/);

    const opened = await get("/", { cookie: cookie.split(";", 1)[0] ?? "" });
    const text = await opened.text();
    assert.match(text, /the page/);
    assert.ok(!text.includes(TOKEN), "the page does not carry the token");
  });

  test("lets nobody in by the address from another host name", async () => {
    const foreign = await get(`/?token=${TOKEN}`, { origin: "http://evil.example" });
    assert.equal(foreign.status, 403);
    assert.equal(foreign.headers.get("set-cookie"), null);
  });
});
