// Why the searches of a place differ: one search of each kind (a shape, and the paths where it differs) is explained and stands for
// the others. What was found is kept, so that nobody is asked twice.
import type { CauseCount, ExplainedKind, WhyAnswer } from "../../shared/compare.ts";
import type { Cause, Explanation } from "../../shared/explanation.ts";
import type { DifferingKind } from "../capture/compare/kinds.ts";

/** Kinds of a place that can be asked for, those with the most searches first. */
const MOST_KINDS = 20;
/** Explained in one call. */
const MOST_ASKED = 10;
const KEPT = 1000;

type Told = Pick<Explanation, "cause" | "path" | "sentence">;

interface Kept extends Told {
  readonly exchange: number;
  readonly position: number;
}

export interface CauseSource {
  /** Explains the first place where that search of an exchange differs. Rejects where nothing can be asked now. */
  explain(exchange: number, position: number): Promise<Told>;
  /** Whether the exchange is there yet. */
  has(exchange: number): boolean;
}

export class Causes {
  readonly #kept = new Map<string, Kept>();
  readonly #asking = new Map<string, Promise<void>>();

  /** Asks for at most `ask` kinds that are not known yet, `again` for known ones too, and tells what is known then. */
  async of(
    kinds: readonly DifferingKind[],
    { ask, again }: { readonly ask: number; readonly again: boolean },
    source: CauseSource,
  ): Promise<WhyAnswer> {
    const within = kinds.slice(0, MOST_KINDS);
    if (again) for (const kind of within) this.#kept.delete(keyOf(kind));
    const unknown = within.filter((kind) => !this.#isKnown(kind, source));
    for (const kind of unknown.slice(0, Math.min(ask, MOST_ASKED))) await this.#explain(kind, source);
    return {
      differing: kinds.reduce((sum, { searches }) => sum + searches, 0),
      kinds: kinds.length,
      waiting: within.filter((kind) => !this.#isKnown(kind, source)).length,
      causes: this.#counted(within.filter((kind) => this.#isKnown(kind, source))),
    };
  }

  #isKnown(kind: DifferingKind, source: CauseSource): boolean {
    const kept = this.#kept.get(keyOf(kind));
    return kept !== undefined && source.has(kept.exchange);
  }

  /** Two who ask at once wait for the same explanation. */
  async #explain(kind: DifferingKind, source: CauseSource): Promise<void> {
    const key = keyOf(kind);
    const asking = this.#asking.get(key) ?? this.#ask(key, kind, source).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asking);
    await asking;
  }

  async #ask(key: string, { exchange, position }: DifferingKind, source: CauseSource): Promise<void> {
    const { cause, path, sentence } = await source.explain(exchange, position);
    const oldest = this.#kept.keys().next().value;
    if (this.#kept.size >= KEPT && oldest !== undefined) this.#kept.delete(oldest);
    this.#kept.set(key, { cause, path, sentence, exchange, position });
  }

  #counted(kinds: readonly DifferingKind[]): readonly CauseCount[] {
    const causes = new Map<Cause, ExplainedKind[]>();
    for (const kind of kinds) {
      const kept = this.#kept.get(keyOf(kind));
      if (kept === undefined) continue;
      const { cause, ...told } = kept;
      causes.set(cause, [...(causes.get(cause) ?? []), { ...told, shape: kind.shape, searches: kind.searches }]);
    }
    const counted = [...causes].map(([cause, ofCause]) => ({
      cause,
      searches: ofCause.reduce((sum, { searches }) => sum + searches, 0),
      kinds: ofCause,
    }));
    return counted.toSorted((a, b) => b.searches - a.searches);
  }
}

const ofSessions = new WeakMap<object, Causes>();

/** What was found of a session's searches. */
export function causesOf(session: object): Causes {
  const known = ofSessions.get(session) ?? new Causes();
  ofSessions.set(session, known);
  return known;
}

function keyOf({ shape, paths }: DifferingKind): string {
  return JSON.stringify([shape, ...paths]);
}
