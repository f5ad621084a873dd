// A server that a keeper (keeper.ts) runs for us: its output in a file, its end when the keeper's input ends.
import type { ChildProcessByStdio } from "node:child_process";
import { createWriteStream, rmSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import type { ElasticsearchServer } from "./server.ts";

export interface Kept {
  readonly keeper: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly port: number;
  readonly folder: string;
  /** Gets what it prints. */
  readonly log: string;
  /** The folder goes with the server. */
  readonly temporary: boolean;
}

export function keptServer({ keeper, port, folder, log: file, temporary }: Kept): ElasticsearchServer {
  const log = createWriteStream(file);
  keeper.stdout.pipe(log);
  keeper.stderr.pipe(log);
  keeper.stdin.on("error", () => undefined);
  const ended = new Promise<void>((done) => {
    keeper.once("exit", () => done());
    keeper.once("error", () => done());
  });
  return {
    url: `http://127.0.0.1:${port}`,
    folder,
    ended,
    async stop() {
      keeper.stdin.end();
      await ended;
      if (temporary) rmSync(folder, { recursive: true, force: true });
    },
  };
}
