// What the engine asks the watcher's thread, and what that answers.
import type { ThreadProfile } from "../../shared/profile.ts";

export type WatcherQuestion =
  /** Starts sampling all threads. */
  | { readonly kind: "record"; readonly intervalUs: number }
  /** Ends what `record` answered. */
  | { readonly kind: "end recording"; readonly recording: number };

export interface WatcherAnswers {
  readonly record: number;
  readonly "end recording": readonly ThreadProfile[];
}

export type WatcherReply =
  | { readonly reply: number; readonly answer: WatcherAnswers[keyof WatcherAnswers] }
  | { readonly reply: number; readonly error: string };
