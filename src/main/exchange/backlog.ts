// Which indices are behind: writes that Elasticsearch acknowledged wait in the journal to be mirrored.
import { expressionNames } from "../mirror/expression.ts";

export class Backlog {
  readonly #waiting = new Map<string, string>();
  /** What an earlier run left has not been read yet: any index may be behind. */
  #unread = true;

  get size(): number {
    return this.#waiting.size;
  }

  /** A write to `expression` ("": any index) waits. */
  add(key: string, expression: string): void {
    this.#waiting.set(key, expression);
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
    for (const expression of this.#waiting.values()) if (expression === "" || expressionNames(expression, index)) return true;
    return false;
  }
}
