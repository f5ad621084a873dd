// What the engine and the script's worker say to each other. Bodies have no content coding where it could be undone.
import type { HeaderPairs } from "../../shared/exchange.ts";
import type { MessageSide } from "../../shared/rules.ts";

export interface ScriptRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: HeaderPairs;
  readonly body: Uint8Array;
}

export interface ScriptResponse {
  readonly status: number;
  readonly headers: HeaderPairs;
  readonly body: Uint8Array;
}

export interface ScriptCall {
  readonly call: number;
  readonly hook: MessageSide;
  readonly id: number;
  /** Epoch ms. */
  readonly time: number;
  readonly request: ScriptRequest;
  /** null in `request(exchange)`. */
  readonly response: ScriptResponse | null;
}

/** What a hook left; a member that it did not change is null. */
export interface ScriptOutcome {
  readonly request: Partial<ScriptRequest> | null;
  readonly response: Partial<ScriptResponse> | null;
  readonly notes: readonly string[];
}

export type FromScript =
  | { readonly kind: "loaded"; readonly hooks: readonly MessageSide[] }
  | { readonly kind: "not loaded"; readonly message: string }
  /** The hook runs: its time begins. */
  | { readonly kind: "begun"; readonly call: number }
  | { readonly kind: "done"; readonly call: number; readonly outcome: ScriptOutcome }
  | { readonly kind: "threw"; readonly call: number; readonly message: string };
