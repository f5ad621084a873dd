// React's view of the contract: queries, actions, events.
import {
  keepPreviousData,
  type QueryClient,
  type UseMutationResult,
  type UseQueryOptions,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { createContext, useContext, useEffect, useRef, useState } from "react";
import type { AnswerOf, EventName, Events, RequestName, RequestOf } from "../../shared/contract.ts";
import { ask, type EngineError } from "./ask.ts";
import { onFrame } from "./frame_batch.ts";
import type { Transport } from "./transport.ts";

const TransportContext = createContext<Transport | null>(null);
export const TransportProvider = TransportContext.Provider;

export function useTransport(): Transport {
  const transport = useContext(TransportContext);
  if (transport === null) throw new Error("The window was drawn without a transport.");
  return transport;
}

interface CallOptions {
  readonly enabled?: boolean;
  /** Keep showing the last answer while another request of the same name is on its way. */
  readonly keep?: boolean;
  readonly staleMs?: number;
  /** Asked again after so long. */
  readonly everyMs?: number;
}

/** The answer to a request, asked again when it is invalidated. */
export function useCall<N extends RequestName>(
  name: N,
  request: RequestOf<N>,
  options: CallOptions = {},
): UseQueryResult<AnswerOf<N>, EngineError> {
  const transport = useTransport();
  const query: UseQueryOptions<AnswerOf<N>, EngineError> = {
    queryKey: [name, request],
    queryFn: ({ signal }) => ask(transport, name, request, signal),
    enabled: options.enabled ?? true,
    staleTime: options.staleMs ?? 0,
    refetchInterval: options.everyMs ?? false,
  };
  return useQuery<AnswerOf<N>, EngineError>(options.keep === true ? { ...query, placeholderData: keepPreviousData } : query);
}

/** A request that is sent when someone presses something. */
export function useAction<N extends RequestName>(name: N): UseMutationResult<AnswerOf<N>, EngineError, RequestOf<N>> {
  const transport = useTransport();
  return useMutation<AnswerOf<N>, EngineError, RequestOf<N>>({ mutationFn: (request) => ask(transport, name, request) });
}

/** Requests that answer with the new state of the query `shown`, which is shown at once; a refusal stays until the next. */
export function useReplacing<N extends RequestName>(shown: RequestName) {
  const client = useQueryClient();
  const transport = useTransport();
  const [error, setError] = useState<Error | null>(null);
  const run = <M extends N>(name: M, request: RequestOf<M>, done?: () => void): void => {
    ask(transport, name, request).then(
      (state) => {
        setError(null);
        client.setQueryData([shown, {}], state);
        done?.();
      },
      (refused: Error) => setError(refused),
    );
  };
  return { run, error };
}

/** Calls `listener` with each event, at most once a frame with the newest. */
export function useEvent<N extends EventName>(event: N, listener: (data: Events[N]) => void): void {
  const transport = useTransport();
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(
    () =>
      transport.on(
        event,
        onFrame((data: Events[N]) => latest.current(data)),
      ),
    [transport, event],
  );
}

export function useConnected(): boolean {
  const transport = useTransport();
  const [connected, setConnected] = useState(true);
  useEffect(() => transport.onConnection(setConnected), [transport]);
  return connected;
}

/** Asks again for what an event has made old, at most every `everyMs`. */
export function useInvalidation(names: readonly RequestName[], event: EventName, everyMs: number): void {
  const client = useQueryClient();
  const due = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => () => clearTimeout(due.current ?? undefined), []);
  useEvent(event, () => {
    due.current ??= setTimeout(() => {
      due.current = null;
      // An answer that takes longer than `everyMs` still comes: it is not given up for the next.
      for (const name of names) void client.invalidateQueries({ queryKey: [name] }, { cancelRefetch: false });
    }, everyMs);
  });
}

export function invalidate(client: QueryClient, names: readonly RequestName[]): void {
  for (const name of names) void client.invalidateQueries({ queryKey: [name] });
}
