// Batched events to any number of windows: at most one of a kind every 100 ms, whatever the traffic.
import type { EventName, Events } from "../../shared/contract.ts";

const INTERVAL_MS = 100;

export type Send = <N extends EventName>(name: N, data: Events[N]) => void;
type Producers = { readonly [N in EventName]: () => Events[N] };

export class EventHub {
  readonly #listeners = new Set<Send>();
  readonly #due = new Set<EventName>();
  readonly #producers: Producers;
  #timer: NodeJS.Timeout | null = null;

  /** `producers` give an event's data when it is due, so that only the newest state is ever sent. */
  constructor(producers: Producers) {
    this.#producers = producers;
  }

  /** Adds a listener; returns the function that takes it away. */
  listen(send: Send): () => void {
    this.#listeners.add(send);
    return () => this.#listeners.delete(send);
  }

  /** Adds a listener to events of one kind; returns the function that takes it away. */
  on<W extends EventName>(wanted: W, listener: (data: Events[W]) => void): () => void {
    // Of this name, the data are this event's.
    return this.listen((name, data) => {
      const told: EventName = name;
      if (told === wanted) listener(data as Events[W]);
    });
  }

  /** Says that `name` has news. */
  touch(name: EventName): void {
    this.#due.add(name);
    this.#timer ??= setTimeout(() => this.#flush(), INTERVAL_MS).unref();
  }

  #flush(): void {
    this.#timer = null;
    const due = [...this.#due];
    this.#due.clear();
    for (const name of due) {
      try {
        this.#emit(name);
      } catch {
        // A session that is being replaced, or a damaged one that is looked at, has nothing to tell: the next event will.
      }
    }
  }

  #emit<N extends EventName>(name: N): void {
    const data = this.#producers[name]();
    for (const send of this.#listeners) send(name, data);
  }
}
