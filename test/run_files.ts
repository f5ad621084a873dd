// Runs test files by Node's own runner and tells what came of them.
import { resolve } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";

export interface FailedTest {
  readonly file: string;
  readonly name: string;
  readonly why: string;
}

export interface TestResults {
  readonly passed: number;
  readonly skipped: number;
  readonly failed: readonly FailedTest[];
}

const LIMIT_MS = 300_000;
/** Characters of a failure that the closing list repeats on its one line. */
const WHY_LENGTH = 1500;

/** Runs `files`, `concurrency` at a time, each in a process of its own; prints as it goes. */
export async function runFiles(files: readonly string[], concurrency: number, timeout = LIMIT_MS): Promise<TestResults> {
  let passed = 0;
  let skipped = 0;
  const failed: FailedTest[] = [];
  const stream = run({ files: files.toSorted().map((file) => resolve(file)), concurrency, timeout });
  stream.on("test:pass", (event) => {
    // Of suites only the skipped ones count: none of their tests is reported.
    if (event.details.type === "suite" && event.skip === undefined) return;
    if (event.skip !== undefined || event.todo !== undefined) skipped += 1;
    else passed += 1;
  });
  stream.on("test:fail", (event) => {
    if (event.details.type === "suite") return;
    const { cause, message } = event.details.error;
    const why = (cause instanceof Error ? cause.message : message).split(/\s*\n\s*/).join(" | ");
    failed.push({ file: event.file ?? event.name, name: event.name, why: why.slice(0, WHY_LENGTH) });
  });
  stream.compose(new spec()).pipe(process.stdout);
  // The reporter's own summary is printed after the end of the stream: what follows comes after it.
  await new Promise<void>((done) => stream.on("end", () => setImmediate(done)));
  return { passed, skipped, failed };
}

/**
 * Runs `files`, and twice more at most, one after the other, those of which a test failed, where they are few: a test that passes then
 * failed for want of a quiet machine, which is said and not counted as a failure.
 */
export async function runFilesAgain(files: readonly string[], concurrency: number): Promise<TestResults> {
  let results = await runFiles(files, concurrency);
  for (let round = 0; round < ROUNDS_ALONE; round += 1) {
    const again = [...new Set(results.failed.map(({ file }) => file))];
    if (again.length === 0 || again.length > AGAIN_AT_MOST) break;
    process.stdout.write(`\nrunning again, alone: ${again.join(", ")}\n`);
    results = withSecond(results, await runFiles(again, 1));
  }
  return results;
}

/** What is known once the failed files have run again. */
function withSecond(first: TestResults, second: TestResults): TestResults {
  const stillFailing = new Set(second.failed.map(nameOf));
  const recovered = first.failed.filter((test) => !stillFailing.has(nameOf(test)));
  for (const test of recovered) process.stdout.write(`unsteady: ${nameOf(test)}: failed at first, passed alone: ${test.why}\n`);
  return { passed: first.passed + Math.max(0, first.failed.length - second.failed.length), skipped: first.skipped, failed: second.failed };
}

const ROUNDS_ALONE = 2;
/** More files than these fail for a reason. */
const AGAIN_AT_MOST = 6;

function nameOf({ file, name }: FailedTest): string {
  return `${file}: ${name}`;
}
