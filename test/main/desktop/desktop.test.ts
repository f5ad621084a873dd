import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { readServeOptions } from "../../../src/main/config/options.ts";
import { EVENT_CHANNEL } from "../../../src/main/contract/ipc.ts";
import { runDesktop } from "../../../src/main/desktop/desktop.ts";
import { PAGE_URL } from "../../../src/main/desktop/page_protocol.ts";
import { COUNTS, EXCHANGE, FakeEngine, startFakeApp, statusOf } from "../../support/fake_app.ts";
import { FakeElectron, FakeEvent, itemOf } from "../../support/fake_electron.ts";
import { until } from "../../support/parallax_process.ts";

describe("the app on the desktop", () => {
  test("is there once: a second start tells the first what it was given, and ends", async (t) => {
    const electron = new FakeElectron();
    electron.app.first = false;
    const { desktop } = await startFakeApp((clean) => t.after(clean), { electron, args: ["a.har"] });
    assert.equal(desktop, null);
    assert.deepEqual(electron.app.told, { args: ["a.har"], folder: "/home/me" });
    assert.equal(electron.app.quits, 1);
    assert.equal(electron.windows.length, 0);
  });

  test("opens what a second start was given", async (t) => {
    const { electron, engine } = await startFakeApp((clean) => t.after(clean));
    electron.app.emit("second-instance", {}, [], "", { args: ["slow.parallax", "parallax://exchange/12"], folder: "/tmp" });
    await until(
      () => electron.window.urls.length,
      (n) => n >= 3,
    );
    assert.deepEqual(engine.askedFor("session.open"), [{ file: "/tmp/slow.parallax" }]);
    assert.deepEqual(electron.window.urls, [PAGE_URL, `${PAGE_URL}#/traffic`, `${PAGE_URL}#/exchange/12`]);
    electron.app.emit("second-instance", {}, [], "", { args: "no list" });
    assert.equal(electron.windows.length, 1);
  });

  test("takes files and links that the system hands over, those before its engine is there too", async (t) => {
    const electron = new FakeElectron();
    const event = new FakeEvent();
    electron.app.whenReady = async () => void electron.app.emit("open-file", event, "/early.har");
    const { engine } = await startFakeApp((clean) => t.after(clean), { electron });
    await until(
      () => engine.askedFor("session.open"),
      (asked) => asked.length > 0,
    );
    assert.ok(event.prevented);
    assert.deepEqual(engine.askedFor("session.open"), [{ file: "/early.har" }]);
    electron.app.emit("open-url", new FakeEvent(), "parallax://exchange/7");
    assert.equal(electron.window.urls.at(-1), `${PAGE_URL}#/exchange/7`);
    const before = electron.window.urls.length;
    for (const link of [
      "parallax://exchange/1;x",
      "parallax://exchange/../settings",
      "https://evil.example",
      "parallax://open?file=/etc/passwd",
    ]) {
      electron.app.emit("open-url", new FakeEvent(), link);
    }
    assert.equal(electron.window.urls.length, before, "no other link does anything");
    assert.deepEqual(electron.app.schemes, ["parallax"]);
  });

  test("keeps the window's place and opens it there again, and stays in the tray when it is closed", async (t) => {
    const { electron, data, desktop } = await startFakeApp((clean) => t.after(clean));
    electron.window.maximized = true;
    electron.window.close();
    assert.match(readFileSync(join(data, "window.json"), "utf8"), /"width":1000,.*"maximized":true/);
    desktop?.open();
    const { x, y, width, height } = electron.window.options;
    assert.deepEqual([x, y, width, height], [10, 20, 1000, 700]);
    electron.window.emit("ready-to-show");
    assert.ok(electron.window.maximized && electron.window.shown === 1);
    assert.deepEqual(electron.app.exits, []);
  });

  test("starts without a window at log-in", async (t) => {
    const { electron } = await startFakeApp((clean) => t.after(clean), { args: ["--hidden"] });
    assert.equal(electron.windows.length, 0);
    assert.equal(electron.trays.length, 1);
    electron.tray.emit("click");
    assert.equal(electron.windows.length, 1);
  });

  test("sends the engine's events to the window, on one channel", async (t) => {
    const { electron, engine } = await startFakeApp((clean) => t.after(clean));
    engine.events.touch("verdicts");
    const sent = await until(
      () => electron.window.webContents.sent,
      (all) => all.length > 0,
    );
    assert.deepEqual(sent[0], [EVENT_CHANNEL, "verdicts", COUNTS]);
  });

  test("offers to start without pipes after runs that did not end in order", async (t) => {
    const electron = new FakeElectron();
    electron.safeModeAnswer = 1;
    const { data } = await startFakeApp((clean) => t.after(clean), { electron });
    writeFileSync(join(data, "last_run.json"), '{"started":"x","ended":null,"crashes":2}');
    let autorun: boolean | null = null;

    await runDesktop(electron.module, {
      args: [],
      folder: "/",
      platform: "linux",
      env: {},
      execPath: "/x",
      out: "/out",
      version: "1.0.0",
      readOptions: () => readServeOptions(["--data", data], {}, "linux"),
      startEngine: async (options) => {
        autorun = options.autorun;
        return new FakeEngine().served;
      },
    });
    assert.equal(autorun, false);
  });
});

describe("the end of the app", () => {
  test("refuses clients first, waits for the journal, then stops the engine and exits once", async (t) => {
    const { electron, engine, desktop, data } = await startFakeApp((clean) => t.after(clean), { end: { drainMs: 60_000, stepMs: 60_000 } });
    engine.status = statusOf({ journal: { writes: 3, bytes: 10, problem: "" } });
    const event = new FakeEvent();
    electron.app.emit("before-quit", event);
    assert.ok(event.prevented);
    await until(
      () => engine.askedFor("proxy.set"),
      (asked) => asked.length > 0,
    );
    assert.deepEqual(engine.askedFor("proxy.set"), [{ running: false }]);
    assert.equal(engine.toldEnding, 1);
    assert.equal(engine.stops, 0, "the journal has writes that ClickHouse can take");
    engine.status = statusOf();
    await desktop?.end();
    electron.app.emit("before-quit", new FakeEvent());
    assert.equal(engine.stops, 1);
    assert.deepEqual(electron.app.exits, [0]);
    assert.match(readFileSync(join(data, "window.json"), "utf8"), /"width":1000/);
  });

  test("does not wait for a journal that ClickHouse can't take, nor for an engine that hangs", async (t) => {
    const { electron, engine, desktop } = await startFakeApp((clean) => t.after(clean), { end: { drainMs: 3_600_000, stepMs: 50 } });
    engine.status = statusOf({
      journal: { writes: 3, bytes: 10, problem: "" },
      clickhouse: { ...statusOf().clickhouse, status: "away" },
    });
    engine.stop = () => new Promise(() => {});
    await desktop?.end();
    assert.deepEqual(electron.app.exits, [0]);
  });

  test("is hurried where the system goes down", async (t) => {
    const { electron, engine } = await startFakeApp((clean) => t.after(clean), { end: { drainMs: 3_600_000, stepMs: 3_600_000 } });
    engine.status = statusOf({ journal: { writes: 3, bytes: 10, problem: "" } });
    const event = new FakeEvent();
    electron.powerMonitor.emit("shutdown", event);
    assert.ok(event.prevented);
    await until(
      () => electron.app.exits,
      (exits) => exits.length > 0,
    );
    assert.equal(engine.stops, 1);
  });
});

describe("settings of the app", () => {
  test("decide on notifications, which are silent and open the exchange", async (t) => {
    const { electron, engine } = await startFakeApp((clean) => t.after(clean));
    engine.changed = [{ ...EXCHANGE, id: 7, shape: "shape one" }];
    engine.events.touch("exchanges");
    const [notification] = await until(
      () => electron.notifications,
      (all) => all.length > 0,
    );
    assert.equal(notification?.silent, true);
    notification?.emit("click");
    assert.equal(electron.window.urls.at(-1), `${PAGE_URL}#/exchange/7`);
    engine.settings = { "desktop.notifications": false };
    engine.events.touch("status");
    const asks = engine.askedFor("settings.get").length;
    await until(
      () => engine.askedFor("settings.get").length,
      (n) => n > asks,
    );
    await new Promise((resolve) => setImmediate(resolve));
    engine.changed = [{ ...EXCHANGE, id: 8, shape: "shape two" }];
    const sent = electron.window.webContents.sent.length;
    engine.events.touch("exchanges");
    await until(
      () => electron.window.webContents.sent.length,
      (n) => n > sent,
    );
    assert.equal(electron.notifications.length, 1);
  });

  test("put the app among what starts at log-in, by the system's own way", async (t) => {
    const engine = new FakeEngine();
    engine.settings = { "desktop.openAtLogin": true };
    const linux = await startFakeApp((clean) => t.after(clean), { engine });
    const file = join(linux.data, "config", "autostart", "parallax.desktop");
    await until(() => existsSync(file), Boolean);
    assert.match(readFileSync(file, "utf8"), /^Exec="\/opt\/Parallax\/parallax" --hidden$/m);
    assert.deepEqual(linux.electron.app.loginItems, []);
    engine.settings = {};
    engine.events.touch("status");
    await until(
      () => existsSync(file),
      (there) => !there,
    );
    assert.ok(!existsSync(file));
    const other = new FakeEngine();
    other.settings = { "desktop.openAtLogin": true };
    const { electron } = await startFakeApp((clean) => t.after(clean), { engine: other, platform: "darwin" });
    const items = await until(
      () => electron.app.loginItems,
      (all) => all.length > 0,
    );
    assert.deepEqual(items, [{ openAtLogin: true, args: ["--hidden"] }]);
  });
});

describe("the tray of the app", () => {
  test("asks the engine for what is chosen in it", async (t) => {
    const { electron, engine } = await startFakeApp((clean) => t.after(clean));
    const { tray } = electron;
    await until(
      () => tray.menu.length,
      (n) => n > 0,
    );
    for (const label of ["Stop", "Tap", "ClickHouse answers", "Intercept proxy", "/old.parallax", "Live session"])
      itemOf(tray.menu, label).click?.();
    await until(
      () => engine.askedFor("session.close").length + engine.askedFor("session.open").length,
      (n) => n === 2,
    );
    assert.deepEqual(engine.askedFor("proxy.set"), [{ running: false }, { mode: "tap" }, { mode: "clickhouse" }]);
    assert.deepEqual(engine.askedFor("intercept.set"), [{ on: true }]);
    assert.deepEqual(engine.askedFor("session.open"), [{ file: "/old.parallax" }]);
    itemOf(tray.menu, "Quit").click?.();
    assert.equal(electron.app.quits, 1);
  });

  test("follows the engine's state", async (t) => {
    const { electron, engine } = await startFakeApp((clean) => t.after(clean));
    engine.counts = { ...COUNTS, different: 3 };
    engine.events.touch("verdicts");
    await until(
      () => electron.tray.tip,
      (tip) => tip.includes("3 different"),
    );
    assert.equal(electron.tray.tip, "Parallax: listening on 9280, 3 different");
    assert.ok(electron.tray.images > 1, "its picture changed");
    itemOf(electron.tray.menu, "3 different").click?.();
    assert.match(electron.window.urls.at(-1) ?? "", /#\/traffic\?filter=~verdict%20different$/);
  });
});
