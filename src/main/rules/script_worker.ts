// The thread that a user's script runs on: loads the module, calls its hooks, and says what they changed. Whatever it does, it can only
// end this thread.
import { parentPort, workerData } from "node:worker_threads";
import type { MessageSide } from "../../shared/rules.ts";
import { messageOf } from "../../shared/thrown.ts";
import { ExchangeInHand } from "./script_exchange.ts";
import type { FromScript, ScriptCall } from "./script_messages.ts";

type Hook = (exchange: ExchangeInHand) => unknown;

const SIDES: readonly MessageSide[] = ["request", "response"];

const { url }: { readonly url: string } = workerData;
const port = parentPort;
if (port === null) throw new Error("rules/script_worker.ts runs as a worker only: use Script.");
const tell = (message: FromScript): void => port.postMessage(message);

async function load(): Promise<ReadonlyMap<MessageSide, Hook>> {
  const module: unknown = await import(url);
  const hooks = new Map<MessageSide, Hook>();
  for (const side of SIDES) {
    const hook = typeof module === "object" && module !== null ? Reflect.get(module, side) : undefined;
    if (typeof hook === "function") hooks.set(side, (exchange) => Reflect.apply(hook, undefined, [exchange]));
  }
  if (hooks.size === 0) throw new Error("it exports neither request(exchange) nor response(exchange)");
  return hooks;
}

async function run(hook: Hook, call: ScriptCall): Promise<void> {
  tell({ kind: "begun", call: call.call });
  try {
    const exchange = new ExchangeInHand(call);
    await hook(exchange);
    tell({ kind: "done", call: call.call, outcome: exchange.outcome() });
  } catch (error) {
    tell({ kind: "threw", call: call.call, message: messageOf(error) });
  }
}

try {
  const hooks = await load();
  port.on("message", (call: ScriptCall) => {
    const hook = hooks.get(call.hook);
    if (hook !== undefined) void run(hook, call);
  });
  tell({ kind: "loaded", hooks: [...hooks.keys()] });
} catch (error) {
  tell({ kind: "not loaded", message: messageOf(error) });
}
