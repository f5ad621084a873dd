// The matcher's public face.
export { match } from "./match.ts";
export { RULES } from "./rules/index.ts";
export type { MatchInput } from "./types.ts";
