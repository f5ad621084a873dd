import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { inflateSync } from "node:zlib";
import { appMenu } from "../../../src/main/desktop/app_menu.ts";
import type { MenuItem } from "../../../src/main/desktop/electron.ts";
import { ICON_SIZE, trayIcon } from "../../../src/main/desktop/tray_icon.ts";
import { type TrayActions, type TrayState, type TrayView, trayLine, trayMenu, trayState } from "../../../src/main/desktop/tray_state.ts";
import { parseRoute } from "../../../src/renderer/route.ts";
import { COUNTS, statusOf } from "../../support/fake_app.ts";
import { itemOf } from "../../support/fake_electron.ts";

const STATES: readonly TrayState[] = ["stopped", "running", "mismatch", "lost"];
const nothing = new Proxy({} as TrayActions, { get: () => () => undefined });
const view = (part: Partial<TrayView> = {}): TrayView => ({ status: statusOf(), counts: COUNTS, recent: [], newVersion: null, ...part });
const away = statusOf({ clickhouse: { ...statusOf().clickhouse, status: "away" } });

describe("the tray", () => {
  test("is of one state, the most urgent", () => {
    const different = { ...COUNTS, different: 2 };
    assert.equal(trayState(statusOf(), COUNTS), "running");
    assert.equal(trayState(statusOf(), different), "mismatch");
    assert.equal(trayState(away, different), "lost");
    assert.equal(trayState({ ...away, running: false }, different), "stopped");
    assert.equal(trayLine(view({ status: away, counts: different })), "Parallax: ClickHouse is away, 2 different");
  });

  test("offers every mode, with the present one marked, and what is recent", () => {
    const recent = [{ file: "/a.parallax", opened: "" }];
    const menu = trayMenu(view({ recent, newVersion: { version: "2.0.0", url: "https://x/" } }), nothing);
    const modes = itemOf(menu, "Mode").submenu?.map(({ label, checked }) => [label, checked]);
    assert.deepEqual(modes, [
      ["Tap", false],
      ["Compare", true],
      ["ClickHouse answers", false],
    ]);
    for (const label of [
      "Open Parallax",
      "Stop",
      "/a.parallax",
      "Live session",
      "Open a session file or HAR…",
      "Version 2.0.0 is there",
      "Quit",
    ])
      itemOf(menu, label);
    itemOf(trayMenu(view({ status: statusOf({ running: false }) }), nothing), "Start");
  });

  test("has a picture for each state, told apart without colour too", () => {
    for (const template of [false, true]) {
      const pictures = STATES.map((state) => trayIcon(state, 2, template));
      for (const picture of pictures) {
        assert.equal(picture.readUInt32BE(16), ICON_SIZE * 2);
        const data = picture.subarray(picture.indexOf("IDAT") + 4, picture.length - 16);
        assert.equal(inflateSync(data).length, ICON_SIZE * 2 * (1 + ICON_SIZE * 2 * 4));
      }
      assert.equal(new Set(pictures.map((picture) => picture.toString("base64"))).size, STATES.length);
    }
  });
});

describe("the application's menu", () => {
  const roles = (menu: readonly MenuItem[]): readonly string[] =>
    menu.flatMap(({ role, submenu }) => [...(role === undefined ? [] : [role]), ...roles(submenu ?? [])]);
  const actions = { go: () => {}, chooseFile: () => {}, closeFile: () => {}, setRunning: () => {}, quit: () => {} };

  test("reloads and opens the developer tools in development alone", () => {
    for (const platform of ["linux", "darwin", "win32"] as const) {
      const packaged = roles(appMenu(platform, true, actions));
      assert.ok(!packaged.includes("reload") && !packaged.includes("toggleDevTools"), platform);
      assert.ok(roles(appMenu(platform, false, actions)).includes("reload"));
      for (const role of ["undo", "cut", "copy", "paste", "selectAll", "zoomIn", "resetZoom"]) assert.ok(packaged.includes(role), role);
    }
  });

  test("gives each key once, and leads to pages that there are", () => {
    const places: string[] = [];
    const menu = appMenu("linux", false, { ...actions, go: (place) => places.push(place) });
    const items = menu.flatMap(({ submenu }) => submenu ?? []);
    const keys = items.flatMap(({ accelerator }) => accelerator ?? []);
    assert.equal(new Set(keys).size, keys.length);
    for (const { click } of items) click?.();
    assert.ok(places.length > 8);
    for (const place of places) assert.equal(parseRoute(place).page, place.slice(2));
  });
});
