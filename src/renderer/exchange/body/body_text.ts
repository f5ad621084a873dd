// A body's text: fetched in slices, laid out for reading. Numbers stay as sent.
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import type { BodySide } from "../../../shared/contract.ts";
import { ask, type EngineError } from "../../api/ask.ts";
import { useTransport } from "../../api/hooks.ts";
import { indentJson } from "./indent_json.ts";
import { indentWorker } from "./indent_thread.ts";
import type { ToIndent } from "./indent_worker.ts";

/** Shown at once; the rest on demand. */
export const FIRST_BYTES = 8 * 1024 * 1024;
/** Longer texts are laid out by a worker. */
const WORKER_FROM = 1_000_000;

export interface BodyText {
  readonly text: string;
  readonly encoding: "utf8" | "base64";
  readonly totalBytes: number;
  /** False when the text stops before the body's end. */
  readonly whole: boolean;
}

/** At most `limit` bytes of a body. */
export function useBody(id: number, side: BodySide, enabled = true, limit = FIRST_BYTES): UseQueryResult<BodyText, EngineError> {
  const transport = useTransport();
  return useQuery<BodyText, EngineError>({
    queryKey: ["exchange.body", id, side, limit],
    enabled,
    staleTime: 60_000,
    gcTime: 30_000, // bodies are heavy: nothing is kept that is not shown
    queryFn: async () => {
      const parts: string[] = [];
      let offset: number | null = 0;
      let encoding: "utf8" | "base64" = "utf8";
      let totalBytes = 0;
      while (offset !== null && offset < limit) {
        const slice: {
          readonly text: string;
          readonly encoding: "utf8" | "base64";
          readonly totalBytes: number;
          readonly next: number | null;
        } = await ask(transport, "exchange.body", { id, side, offset });
        parts.push(slice.text);
        encoding = slice.encoding;
        totalBytes = slice.totalBytes;
        offset = slice.next;
      }
      return { text: parts.join(""), encoding, totalBytes, whole: offset === null };
    },
  });
}

/** The text laid out as JSON, or as it is where it is not JSON; null while a worker is at it. `cut`: it is the first part of a longer one. */
export function useIndented(text: string | undefined, cut = false): string | null {
  const small = text !== undefined && text.length < WORKER_FROM;
  const [done, setDone] = useState<{ readonly from: string; readonly text: string } | null>(null);
  useEffect(() => {
    if (text === undefined || small) return undefined;
    return indentInWorker({ text, cut }, (indented) => setDone({ from: text, text: indented }));
  }, [text, small, cut]);
  if (text === undefined) return null;
  if (small) return indentJson(text, cut);
  return done?.from === text ? done.text : null;
}

function indentInWorker({ text, cut }: ToIndent, onDone: (indented: string) => void): () => void {
  const worker = indentWorker();
  if (worker === null) {
    // A shared file has no other files beside it: a timer, so that the window is drawn before.
    const timer = setTimeout(() => onDone(indentJson(text, cut)));
    return () => clearTimeout(timer);
  }
  worker.onmessage = (event: MessageEvent<string>) => onDone(event.data);
  worker.onerror = () => onDone(text);
  worker.postMessage({ text, cut } satisfies ToIndent);
  return () => worker.terminate();
}
