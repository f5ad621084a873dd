// The contract over HTTP: POST api/call/NAME with a JSON body gives a Reply; GET api/events streams the events. A lost
// stream is opened again by itself, with a pause that grows to 5 s; each end and return is told to the listeners.
import type { EventName, Events, Reply, RequestName, RequestOf } from "../../shared/contract.ts";
import { strings } from "../strings.ts";
import { Lane } from "./lane.ts";
import { tokenHeaders } from "./token.ts";
import { type Listener, type Transport, unreachable } from "./transport.ts";

const LONGEST_PAUSE_MS = 5000;
/** Of a browser's six connections the events have one. Sums over the session get two: rows that someone waits for never wait for a dozen counts. */
const FOR_SUMS = 2;

type Listeners = { readonly [N in EventName]: Set<Listener<N>> };

export function httpTransport(): Transport {
  const listeners: Listeners = {
    exchanges: new Set(),
    status: new Set(),
    verdicts: new Set(),
    pipes: new Set(),
    rules: new Set(),
    kibana: new Set(),
    log: new Set(),
    profiles: new Set(),
  };
  const connection = new ConnectionState();
  const sums = new Lane(FOR_SUMS);
  openStream(listeners, connection, 250);
  return {
    call: async (name, request, gone) => {
      const send = () => post(`api/call/${name}`, JSON.stringify(request), gone);
      const response = await (isSum(name, request) ? sums.through(send) : send());
      if (response === null) return unreachable(strings.engine.unreachable);
      return response as Reply<never>; // the server answers this route with a Reply of this name's answer
    },
    on: (event, listener) => {
      const all: Set<Listener<typeof event>> = listeners[event];
      all.add(listener);
      return () => all.delete(listener);
    },
    onConnection: (listener) => connection.listen(listener),
  };
}

function isSum<N extends RequestName>(name: N, request: RequestOf<N>): boolean {
  if (name !== "exchanges.list") return name === "exchanges.timeline" || name === "verdicts.get";
  return "limit" in request && request.limit === 1 && !("after" in request);
}

/** The body's JSON, null when the engine did not answer with any. */
async function post(path: string, body: string, gone: AbortSignal | undefined): Promise<unknown> {
  const headers = { "content-type": "application/json", ...tokenHeaders() };
  try {
    const response = await fetch(path, { method: "POST", headers, body, ...(gone === undefined ? {} : { signal: gone }) });
    return await response.json();
  } catch {
    return null;
  }
}

class ConnectionState {
  #connected = true;
  readonly #listeners = new Set<(connected: boolean) => void>();

  set(connected: boolean): void {
    if (connected === this.#connected) return;
    this.#connected = connected;
    for (const listener of this.#listeners) listener(connected);
  }

  listen(listener: (connected: boolean) => void): () => void {
    this.#listeners.add(listener);
    listener(this.#connected);
    return () => this.#listeners.delete(listener);
  }
}

function openStream(listeners: Listeners, connection: ConnectionState, pause: number): void {
  const stream = new EventSource("api/events");
  let next = pause;
  stream.onopen = () => {
    next = 250;
    connection.set(true);
  };
  stream.onerror = () => {
    stream.close();
    connection.set(false);
    setTimeout(() => openStream(listeners, connection, Math.min(next * 2, LONGEST_PAUSE_MS)), next);
  };
  for (const name of Object.keys(listeners)) {
    if (isEvent(listeners, name)) stream.addEventListener(name, (event: MessageEvent<string>) => deliver(listeners, name, event.data));
  }
}

function isEvent(listeners: Listeners, name: string): name is EventName {
  return Object.hasOwn(listeners, name);
}

function deliver<N extends EventName>(listeners: Listeners, name: N, text: string): void {
  const data = JSON.parse(text) as Events[N]; // the stream carries this event's data, without any document in it
  for (const listener of listeners[name]) listener(data);
}
