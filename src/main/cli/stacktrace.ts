// `parallax stacktrace`: what SIGUSR1 does, on every platform and while the main thread is stuck.
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { messageOf } from "../../shared/thrown.ts";
import { defaultDataFolder } from "../config/options.ts";
import { askAtDoor, doorOf, type StackTraceAnswer } from "../profile/health/door.ts";
import { VerbFailure } from "./running_parallax.ts";
import { readVerbOptions, runVerb } from "./verb_options.ts";

const ANSWER_MS = 60_000;

/** Runs the verb; returns the exit code. */
export function stacktraceCommand(argv: readonly string[]): Promise<number> {
  return runVerb("stacktrace", async () => {
    const { text } = readVerbOptions("stacktrace", argv, { data: "string", output: "string" });
    const data = resolve(text("data") ?? defaultDataFolder(process.env, process.platform));
    const output = text("output");
    const answer = await ask(data, output === null);
    if ("error" in answer) throw new VerbFailure(3, answer.error);
    if ("file" in answer) process.stdout.write(`${answer.file}\n`);
    else if (output === null || output === "-") process.stdout.write(answer.page);
    else writePage(output, answer.page);
    return 0;
  });
}

async function ask(data: string, keep: boolean): Promise<StackTraceAnswer> {
  const door = doorOf(data);
  const answer = await askAtDoor(door, { keep }, ANSWER_MS).catch((error: unknown) => {
    throw new VerbFailure(3, `${door}: ${messageOf(error)}`);
  });
  if (answer !== null) return answer;
  throw new VerbFailure(
    3,
    `No Parallax runs with the data folder ${data}. Start it (\`parallax serve\`), or say which folder with --data.`,
  );
}

function writePage(file: string, page: string): void {
  try {
    writeFileSync(file, page);
  } catch (error) {
    throw new VerbFailure(2, `${file} can't be written: ${messageOf(error)}`);
  }
  process.stdout.write(`${resolve(file)}\n`);
}
