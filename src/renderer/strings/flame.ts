// Flame graphs and their tables, wherever they are shown.
import { plural } from "./plural.ts";

export const flame = {
  flame: {
    find: "Find a function",
    found: (n: number) => plural(n, "frame", "frames"),
    all: "Show all",
    total: "total",
    self: "self",
    ofAll: (share: string) => `${share} of all`,
    frame: (name: string, total: string, self: string, share: string) => `${name}, total ${total}, self ${self}, ${share}`,
    functions: "Functions",
    columns: { name: "Function", self: "Self", total: "Total", where: "Where" },
    keys: "Arrow keys move, Enter zooms, 0 shows all.",
    nothing: "Nothing was sampled.",
  },
} as const;
