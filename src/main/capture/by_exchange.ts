// What is known of some exchanges of a session beside their record, until the end: results of work that someone began on them.

/** Exchanges of a session whose state is remembered. */
const REMEMBERED = 50;

export class ByExchange<State> {
  readonly #none: State;
  // By session, as ids are the session's own.
  readonly #states = new WeakMap<object, Map<number, State>>();

  /** `none`: of all others. */
  constructor(none: State) {
    this.#none = none;
  }

  get(session: object, id: number): State {
    return this.#states.get(session)?.get(id) ?? this.#none;
  }

  /** What was set the longest ago goes first. */
  set(session: object, id: number, state: State): void {
    const states = this.#states.get(session) ?? new Map<number, State>();
    this.#states.set(session, states);
    states.delete(id);
    states.set(id, state);
    for (const [oldest] of states) {
      if (states.size <= REMEMBERED) return;
      states.delete(oldest);
    }
  }

  change(session: object, id: number, part: Partial<State>): void {
    this.set(session, id, { ...this.get(session, id), ...part });
  }
}
