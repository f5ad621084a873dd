// Finds the entries of a HAR in its text as it comes, a piece at a time: `log.entries` may be larger than memory.

export class HarError extends Error {
  override readonly name = "HarError";
}

const LONGEST_ENTRY = 512 * 1024 * 1024;

/** Text of each entry, in order. Throws HarError where the text is no HAR or ends early. */
export async function* harEntries(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const scanner = new Scanner();
  for await (const piece of pieces) yield* scanner.take(decoder.decode(piece, { stream: true }));
  yield* scanner.take(decoder.decode());
  if (!scanner.complete) throw new HarError(scanner.found ? "The HAR ends in the middle." : "This is no HAR: it has no log.entries.");
}

/** Depth of an entry's members: within the file's object, `log`, and `entries`. */
const IN_ENTRIES = 3;

class Scanner {
  /** True once `log.entries` was met. */
  found = false;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** The string read last at depths 1 and 2: the name of the member that follows. */
  #name = "";
  readonly #path: string[] = [];
  #inEntries = false;
  /** What of an entry came in earlier pieces; null outside of one. */
  #entry: string | null = null;

  get complete(): boolean {
    return this.found && this.#depth === 0;
  }

  *take(text: string): Generator<string> {
    let from = 0;
    for (let i = 0; i < text.length; i += 1) {
      const char = text[i] ?? "";
      if (this.#inString) {
        this.#string(char);
        continue;
      }
      if (char === '"') {
        this.#inString = true;
        if (this.#entry === null) this.#name = "";
      } else if (char === "{" || char === "[") {
        if (this.#inEntries && this.#depth === IN_ENTRIES) {
          this.#entry = "";
          from = i;
        }
        this.#opens(char);
      } else if (char === "}" || char === "]") {
        this.#closes();
        if (this.#entry === null || this.#depth !== IN_ENTRIES) continue;
        yield this.#entry + text.slice(from, i + 1);
        this.#entry = null;
      }
    }
    if (this.#entry !== null) this.#entry += text.slice(from);
    if ((this.#entry?.length ?? 0) > LONGEST_ENTRY) throw new HarError(`An entry of the HAR is over ${LONGEST_ENTRY} characters.`);
  }

  #string(char: string): void {
    if (this.#escaped) this.#escaped = false;
    else if (char === "\\") this.#escaped = true;
    else if (char === '"') this.#inString = false;
    if (this.#inString && this.#depth < IN_ENTRIES && this.#name.length < 20) this.#name += char;
  }

  #opens(char: string): void {
    this.#path[this.#depth] = this.#name;
    this.#depth += 1;
    if (this.#depth !== IN_ENTRIES || char !== "[" || this.#path[1] !== "log" || this.#path[2] !== "entries") return;
    this.found = true;
    this.#inEntries = true;
  }

  #closes(): void {
    this.#depth -= 1;
    if (this.#depth < 0) throw new HarError("This is no HAR: a bracket closes that was never opened.");
    if (this.#depth < IN_ENTRIES) this.#inEntries = false;
  }
}
