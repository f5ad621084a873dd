// Real schedules over made-up pipes, by a clock that can be put forward: for the window.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Handlers } from "../../src/main/contract/handlers.ts";
import { refused } from "../../src/main/contract/index_handlers.ts";
import { Schedules } from "../../src/main/pipes/schedule/schedules.ts";
import type { FakeGenerators } from "./fake_generators.ts";
import type { FakeIndices } from "./fake_indices.ts";

export class FakeSchedules {
  readonly #folder = mkdtempSync(join(tmpdir(), "parallax-fake-schedules-"));
  readonly #schedules: Schedules;
  /** How far the clock was put forward, in ms. */
  #ahead = 0;

  constructor(indices: FakeIndices, generators: FakeGenerators, changed: () => void) {
    this.#schedules = new Schedules({
      pipes: {
        cluster: "fake",
        runsByItself: true,
        clusterOf: async () => "fake",
        list: () => indices.pipes(),
        begin: async ({ kind, index }) => indices.handlers[`index.${kind}`]({ name: index }),
        generate: async (request) => generators.handlers["generator.begin"](request),
        pump: async (pipe, operation) => indices.handlers["pipe.pump"]({ pipe, operation }),
        play: (job) => indices.play(job, null),
      },
      file: join(this.#folder, "schedules.json"),
      clock: { now: () => Date.now() + this.#ahead, wake: () => () => {} },
      replay: () => {
        throw new Error("There is no session to play.");
      },
      log: { write: () => {}, flushed: () => Promise.resolve() },
      changed,
    });
    indices.ended = (pipe, how) => this.#schedules.ended(pipe, how);
  }

  readonly handlers: Pick<Handlers, "schedules.list" | "schedule.put" | "schedule.remove"> = {
    "schedules.list": () => this.#schedules.list(),
    "schedule.put": ({ pipe, ...schedule }) => this.#schedules.put(pipe, schedule).catch(refused),
    "schedule.remove": ({ pipe }) => {
      this.#schedules.remove(pipe);
      return this.#schedules.list();
    },
  };

  /** So much later, what is due by then begins. */
  async pass(ms: number): Promise<void> {
    this.#ahead += ms;
    await this.#schedules.look();
  }

  stop(): void {
    this.#schedules.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
