// What is still being done for exchanges whose clients have had their answers: mirroring a write, judging a search.
export class Works {
  readonly #open = new Map<number, number>();
  readonly #settled: (exchange: number) => void;

  /** `settled`: told when all that was begun for an exchange is done. */
  constructor(settled: (exchange: number) => void) {
    this.#settled = settled;
  }

  begin(exchange: number): void {
    this.#open.set(exchange, (this.#open.get(exchange) ?? 0) + 1);
  }

  end(exchange: number): void {
    const open = (this.#open.get(exchange) ?? 0) - 1;
    if (open > 0) {
      this.#open.set(exchange, open);
      return;
    }
    this.#open.delete(exchange);
    this.#settled(exchange);
  }
}
