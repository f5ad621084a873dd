// What requests are answered from here: the mirror in their turn, and the modes of the indices that they name.
import { backendOf } from "../answer/backend.ts";
import type { Backend } from "../answer/types.ts";
import { type Modes, modesOf } from "../routing/index_modes.ts";
import type { Routing } from "../routing/routing.ts";
import type { MirrorSource } from "./cluster_mirror.ts";
import type { MirrorTurns } from "./mirror_turns.ts";

export class AnswerSource {
  readonly #turns: MirrorTurns;
  readonly #source: MirrorSource;
  readonly #routing: Routing;

  constructor(turns: MirrorTurns, source: MirrorSource, routing: Routing) {
    this.#turns = turns;
    this.#source = source;
    this.#routing = routing;
  }

  /** What a request is answered with here, once every write before it is handed over; in words, why it can't be. Call `done` at the end. */
  async backend(now: number, forced: boolean): Promise<{ readonly backend: Backend; readonly done: () => void } | string> {
    const obstacle = this.#turns.obstacle();
    if (obstacle !== "") return obstacle;
    const turn = this.#turns.read();
    const mirrored = await turn.mirrored();
    if (typeof mirrored !== "string") return { backend: backendOf(mirrored, now, forced), done: turn.done };
    turn.done();
    return mirrored;
  }

  /** The modes of the indices that an expression means. Never rejects. */
  async modes(expression: string, params: ReadonlyMap<string, string>): Promise<Modes> {
    const routing = this.#routing;
    const obstacle = routing.plain ? "" : this.#source.unavailable();
    const mirrored = routing.plain || obstacle !== "" ? obstacle : await this.#source.mirrored();
    if (typeof mirrored === "string")
      return routing.plain ? { kind: "one", mode: routing.listener } : { kind: "unknown", reason: mirrored };
    const { mirror } = mirrored;
    return modesOf(routing, (own, ownParams) => mirror.resolve(own, ownParams), expression, params);
  }
}
