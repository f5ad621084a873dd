// Makes a Parallax that can be stuck: loaded first by its processes (`--import`), it has the engine's main thread turn in a loop for as
// long as the file PARALLAX_TEST_STUCK is there.
import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { isMainThread } from "node:worker_threads";

const file = process.env.PARALLAX_TEST_STUCK ?? "";
const LOOK_EVERY_MS = 20;
const MANY = 100_000;

/** The function that a stack trace has to name. */
function turnsForEver(): number {
  let turns = 0;
  while (turns % MANY !== 0 || turns === 0 || existsSync(file)) turns += 1;
  return turns;
}

/** It waits for the one above: a stack trace names it as asynchronous. */
async function getsStuckLater(): Promise<void> {
  while (!existsSync(file)) await pause(LOOK_EVERY_MS, undefined, { ref: false });
  turnsForEver();
}

async function getsStuckAgainAndAgain(): Promise<never> {
  for (;;) await getsStuckLater();
}

const isEngine = process.argv[1]?.endsWith("cli.ts") === true && process.argv[2] === "serve";
if (isMainThread && isEngine && file !== "") void getsStuckAgainAndAgain();
