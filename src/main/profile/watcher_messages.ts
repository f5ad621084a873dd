// What the engine asks the watcher's thread, and what that answers.
import type { HeapObjects } from "../../shared/memory.ts";
import type { ThreadProfile } from "../../shared/profile.ts";
import type { CpuFormat } from "../../shared/profiles.ts";
import type { ThreadMemory } from "./memory/thread_memory.ts";

export type WatcherQuestion =
  /** Starts sampling all threads. */
  | { readonly kind: "record"; readonly intervalUs: number }
  /** Ends what `record` answered. */
  | { readonly kind: "end recording"; readonly recording: number }
  /** Ends it and writes it in a format, away from the main thread. `started`: epoch ms. */
  | { readonly kind: "write recording"; readonly recording: number; readonly format: CpuFormat; readonly started: number }
  /** What V8 says of each thread's heap. */
  | { readonly kind: "memory" }
  /** Takes a snapshot of the main thread's heap. */
  | { readonly kind: "objects" };

export interface WatcherAnswers {
  readonly record: number;
  readonly "end recording": readonly ThreadProfile[];
  readonly "write recording": Uint8Array;
  readonly memory: readonly ThreadMemory[];
  readonly objects: HeapObjects;
}

export type WatcherReply =
  | { readonly reply: number; readonly answer: WatcherAnswers[keyof WatcherAnswers] }
  | { readonly reply: number; readonly error: string };
