// Numbers in sentences.
import { count } from "../ui/format.ts";

/** `1 hit`, `2 hits`, `48 217 hits`. */
export const plural = (n: number, one: string, many: string): string => `${count(n)} ${n === 1 ? one : many}`;
