// What the engine and its health thread tell each other.
import type { HealthCheck } from "../../../shared/health.ts";
import type { ChildNode } from "../../child_node.ts";
import type { Backends } from "../stacks/stack_trace.ts";

/** `workerData` of the thread. */
export interface HealthThreadStart {
  readonly data: string;
  readonly logs: string;
  readonly interface: {
    /** Of the debugging interface. */
    readonly url: string;
    readonly token: string | null;
  };
  readonly intervalMs: number;
  readonly timeoutMs: number;
  /** A pipe on which each octet stands for a signal; null: a process of its own takes the signals. */
  readonly signalPipe: number | null;
  /** What runs that process: a thread does not know all that the main thread does. */
  readonly node: ChildNode;
  readonly nodeId: string;
  readonly version: string;
}

export type ToHealthThread =
  | { readonly kind: "backends"; readonly backends: Backends }
  /** A backend came or went: what was found last holds no longer. */
  | { readonly kind: "look" }
  /** The page of a stack trace is wanted. */
  | { readonly kind: "take"; readonly reply: number; readonly why: string }
  /** The engine is ending: its health is not asked any more. */
  | { readonly kind: "ending" }
  | { readonly kind: "stop" };

export type FromHealthThread =
  /** The process that takes SIGUSR1 for us runs. */
  | { readonly kind: "watchdog"; readonly pid: number }
  | { readonly kind: "checked"; readonly check: HealthCheck }
  | { readonly kind: "taken"; readonly reply: number; readonly page: string }
  /** A stack trace is in the logs folder. */
  | { readonly kind: "kept"; readonly file: string; readonly why: string }
  | { readonly kind: "problem"; readonly message: string }
  | { readonly kind: "stopped" };
