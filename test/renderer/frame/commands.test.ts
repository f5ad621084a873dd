import assert from "node:assert/strict";
import { test } from "node:test";
import { COMMAND_IDS, commandOf, shownKeys, withKey } from "../../../src/renderer/frame/commands.ts";
import { strings } from "../../../src/renderer/strings.ts";

// Groups whose commands are never there at once: an index and an exchange, the choices of the start and all but pages and window.
const APART: readonly (readonly [string, string])[] = [
  ["exchange", "index"],
  ["exchange", "start"],
];

test("every command has a label and its group a name", () => {
  for (const id of COMMAND_IDS) {
    assert.ok(strings.commands[id].length > 0, id);
    assert.ok(strings.commandGroups[commandOf(id).group].length > 0, id);
  }
  assert.deepEqual(Object.keys(strings.commands).toSorted(), [...COMMAND_IDS].toSorted());
});

test("no key means two things that can be done at once, and none begins a pair that it would hide", () => {
  for (const id of COMMAND_IDS) {
    for (const other of COMMAND_IDS) {
      const [a, b] = [commandOf(id), commandOf(other)];
      if (id === other || APART.some(([x, y]) => (x === a.group && y === b.group) || (y === a.group && x === b.group))) continue;
      for (const key of a.keys ?? []) {
        for (const second of b.keys ?? []) assert.ok(key !== second && !second.startsWith(`${key} `), `${id} and ${other}: ${key}`);
      }
    }
  }
});

test("keys are shown as they stand on a keyboard", () => {
  assert.deepEqual(shownKeys("g t"), ["g", "t"]);
  assert.deepEqual(shownKeys("ArrowDown"), ["↓"]);
  assert.equal(shownKeys("Mod+k").at(-1), "K");
});

test("what a foot calls a command is short, and the command has a key", () => {
  for (const id of COMMAND_IDS) {
    const short = strings.shortCommands[id];
    if (short === undefined) continue;
    assert.ok((commandOf(id).keys?.length ?? 0) > 0, id);
    assert.ok(short.length <= 12, id);
  }
  assert.ok(Object.keys(strings.shortCommands).every((name) => Object.hasOwn(strings.commands, name)));
});

test("a control tells its command's key as the table has it", () => {
  assert.equal(withKey("Next mismatch", "nextMismatch"), "Next mismatch (n)");
  assert.equal(withKey("Pause", "pause"), "Pause");
});
