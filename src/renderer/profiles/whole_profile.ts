// A profile's text, put together from the slices in which it comes.
import { ask } from "../api/ask.ts";
import type { Transport } from "../api/transport.ts";

/** As it is kept. Throws EngineError. */
export async function wholeProfile(transport: Transport, profile: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let offset: number | null = 0;
  while (offset !== null) {
    const slice: { readonly text: string; readonly encoding: "utf8" | "base64"; readonly next: number | null } = await ask(
      transport,
      "profile.read",
      { profile, offset },
    );
    text += slice.encoding === "utf8" ? slice.text : decoder.decode(bytesOf(slice.text), { stream: slice.next !== null });
    offset = slice.next;
  }
  return text;
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
