// A session file or a HAR that someone gives the window: in the app the engine reads it where it lies, in a browser it is sent.
import type { Reply, Status } from "../../shared/contract.ts";
import { strings } from "../strings.ts";
import { tokenHeaders } from "./token.ts";
import { type Transport, unreachable } from "./transport.ts";

/** True for a name that the engine opens. */
export function isSessionName(name: string): boolean {
  return /\.(parallax|har)$/i.test(name);
}

/** Shows the file. Never rejects. `signal` ends the sending. */
export async function openDropped(transport: Transport, file: File, signal: AbortSignal): Promise<Reply<Status>> {
  const path = window.parallax?.pathOf(file) ?? "";
  if (path !== "") return transport.call("session.open", { file: path });
  try {
    const response = await fetch(`api/session?${new URLSearchParams({ name: file.name })}`, {
      method: "PUT",
      headers: tokenHeaders(),
      body: file,
      signal,
    });
    return (await response.json()) as Reply<Status>; // the server answers this route as it does session.open
  } catch {
    return unreachable(strings.engine.unreachable);
  }
}
