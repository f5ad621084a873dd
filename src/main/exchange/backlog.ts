// Which indices are behind: writes that Elasticsearch acknowledged wait in the journal to be mirrored.
import { expressionNames } from "../mirror/expression.ts";

interface Waiting {
  readonly expression: string;
  /** As far as is known. */
  readonly documents: number;
  /** Epoch ms. */
  readonly since: number;
}

export class Backlog {
  readonly #waiting = new Map<string, Waiting>();
  /** What an earlier run left has not been read yet: any index may be behind. */
  #unread = true;

  get size(): number {
    return this.#waiting.size;
  }

  /** A write to `expression` ("": any index) waits. */
  add(key: string, expression: string, documents = 0): void {
    this.#waiting.set(key, { expression, documents, since: this.#waiting.get(key)?.since ?? Date.now() });
  }

  /** One whose answer will not come waits, to any index where it is not known yet to which. */
  broken(key: string): void {
    this.#waiting.set(key, this.#waiting.get(key) ?? { expression: "", documents: 0, since: Date.now() });
  }

  remove(key: string): void {
    this.#waiting.delete(key);
  }

  /** What an earlier run left is known, or there is none. */
  read(): void {
    this.#unread = false;
  }

  behind(index: string): boolean {
    if (this.#unread) return true;
    for (const { expression } of this.#waiting.values()) if (names(expression, index)) return true;
    return false;
  }

  /** Documents that wait for an index, those of writes to several indices included, and for how long the oldest has. */
  lag(index: string): { readonly documents: number; readonly seconds: number } {
    const waiting = [...this.#waiting.values()].filter(({ expression }) => names(expression, index));
    if (waiting.length === 0) return { documents: 0, seconds: 0 };
    const oldest = Math.min(...waiting.map(({ since }) => since));
    return { documents: waiting.reduce((sum, { documents }) => sum + documents, 0), seconds: Math.max(0, Date.now() - oldest) / 1000 };
  }
}

function names(expression: string, index: string): boolean {
  return expression === "" || expressionNames(expression, index);
}
