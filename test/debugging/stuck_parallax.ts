// A Parallax whose main thread can be stuck and freed, without backends: they are away from the start.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, type ParallaxProcess, type StartOptions, startParallax, until } from "../support/parallax_process.ts";

export interface StuckParallax {
  readonly parallax: ParallaxProcess;
  readonly data: string;
  readonly logs: string;
  /** From now on its main thread turns in `turnsForEver`; resolves when the API answers no more. */
  stick(): Promise<void>;
  free(): void;
  /** Text of a file of the logs folder; "" where it is not there. */
  log(name: string): string;
  stop(): Promise<void>;
}

const STUCK = join(import.meta.dirname, "stuck.ts");
/** Beyond what an answer takes anywhere. */
const NO_ANSWER_MS = 1_500;
export const LIMIT_MS = 60_000;

export async function startStuckParallax(args: readonly string[] = [], options: StartOptions = {}): Promise<StuckParallax> {
  const data = mkdtempSync(join(tmpdir(), "parallax-stuck-"));
  const file = join(data, "stuck");
  const away = `http://127.0.0.1:${await freePort()}`;
  const env = { PARALLAX_TEST_STUCK: file, NODE_OPTIONS: `--import=${STUCK}` };
  const parallax = await startParallax(["--elasticsearch", away, "--clickhouse", away, ...args], { data, env, ...options });
  const logs = join(data, "logs");
  const free = (): void => rmSync(file, { force: true });
  const log = (name: string): string => (existsSync(join(logs, name)) ? readFileSync(join(logs, name), "utf8") : "");
  return {
    parallax,
    data,
    logs,
    log,
    free,
    stick: async () => {
      writeFileSync(file, "");
      await until(
        () => answers(parallax.interfaceUrl),
        (answered) => !answered,
        LIMIT_MS,
      );
    },
    stop: async () => {
      free();
      await parallax.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

export async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(NO_ANSWER_MS) });
    await answer.body?.cancel();
    return true;
  } catch {
    return false;
  }
}
