// What the engine asks the watcher's thread, and what that answers.
import type { ThreadProfile } from "../../shared/profile.ts";
import type { CpuFormat } from "../../shared/profiles.ts";

export type WatcherQuestion =
  /** Starts sampling all threads. */
  | { readonly kind: "record"; readonly intervalUs: number }
  /** Ends what `record` answered. */
  | { readonly kind: "end recording"; readonly recording: number }
  /** Ends it and writes it in a format, away from the main thread. `started`: epoch ms. */
  | { readonly kind: "write recording"; readonly recording: number; readonly format: CpuFormat; readonly started: number };

export interface WatcherAnswers {
  readonly record: number;
  readonly "end recording": readonly ThreadProfile[];
  readonly "write recording": Uint8Array;
}

export type WatcherReply =
  | { readonly reply: number; readonly answer: WatcherAnswers[keyof WatcherAnswers] }
  | { readonly reply: number; readonly error: string };
