// The text of an error's stack, as V8 writes it, taken apart. Pure: where a place of the code lies is asked of `locate`.

export interface Place {
  /** Relative to the project where it is in it, else as V8 names it: `node:internal/timers`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export interface Frame {
  /** "" for one without a name. */
  readonly name: string;
  /** null: in the engine itself, like `Atomics.wait`. */
  readonly place: Place | null;
  /** It waits (`await`) for what is above it, and is not on the stack. */
  readonly async: boolean;
}

const FRAME = /^\s+at (?:(async) )?(.*)$/;
const NAMED = /^(.*?) \(((?:[^()]|\([^()]*\))*)\)$/;
const PLACE = /^(.*):(\d+):(\d+)$/;

/** The frames of a stack, innermost first, without those whose place contains `without`. */
export function readStack(text: string, without: string, locate: (place: Place) => Place): readonly Frame[] {
  return text.split("\n").flatMap((line) => {
    const found = FRAME.exec(line);
    if (found === null || line.includes(without)) return [];
    const [, async, rest = ""] = found;
    const named = NAMED.exec(rest);
    const where = named?.[2] ?? (PLACE.test(rest) ? rest : "");
    const name = named?.[1] ?? (where === "" ? rest : "");
    const place = PLACE.exec(where);
    return [
      {
        name,
        place: place === null ? null : locate({ file: place[1] ?? "", line: Number(place[2]), column: Number(place[3]) }),
        async: async !== undefined,
      },
    ];
  });
}

/** Whether code runs: what waits is not on the stack. */
export function runs(frames: readonly Frame[]): boolean {
  return frames.some((frame) => !frame.async);
}
