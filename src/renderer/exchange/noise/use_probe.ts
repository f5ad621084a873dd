// The noise probe of an exchange: begun, followed and ended from wherever there is a button for it.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { DEFAULT_TIMES, type NoiseProbe } from "../../../shared/noise.ts";
import { useAction, useCall } from "../../api/hooks.ts";

const LOOK_EVERY_MS = 500;

interface Probe {
  readonly state: NoiseProbe | undefined;
  readonly running: boolean;
  readonly error: Error | null;
  readonly start: (times?: number) => void;
  readonly stop: () => void;
}

export function useProbe(id: number): Probe {
  const client = useQueryClient();
  const { data: state } = useCall("exchange.probe_state", { id });
  const [probe, end] = [useAction("exchange.probe"), useAction("exchange.probe_stop")];
  const running = state?.state === "running";
  useEffect(() => {
    if (!running) return undefined;
    const timer = setInterval(() => void client.invalidateQueries({ queryKey: ["exchange.probe_state", { id }] }), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [client, id, running]);
  const take = (next: NoiseProbe) => client.setQueryData(["exchange.probe_state", { id }], next);
  const start = (times = DEFAULT_TIMES): void => {
    if (state !== undefined) take({ ...state, state: "running", times, asked: 0, problem: "", result: null });
    probe.mutate(
      { id, times },
      { onSuccess: take, onError: () => void client.invalidateQueries({ queryKey: ["exchange.probe_state", { id }] }) },
    );
  };
  return { state, running, error: probe.error, start, stop: () => end.mutate({ id }) };
}
