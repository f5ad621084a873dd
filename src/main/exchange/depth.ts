// How deep JSON text is nested. Elasticsearch reads a thousand levels; past them every reader of ours, being recursive, would
// run out of stack.

const MOST_LEVELS = 1_000;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** "" or that `what` is nested too deep, in words. */
export function tooDeep(what: string, json: Uint8Array): string {
  const levels = depthOf(json);
  return levels <= MOST_LEVELS ? "" : `${what} is JSON nested ${levels} levels deep: more than ${MOST_LEVELS} are not compared`;
}

/** The most brackets that are open at once in JSON text in UTF-8, strings left out. Linear, and knows nothing else of JSON. */
export function depthOf(json: Uint8Array): number {
  let open = 0;
  let most = 0;
  let inString = false;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === QUOTE) inString = !inString;
    else if (inString) at += byte === BACKSLASH ? 1 : 0;
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      open += 1;
      if (open > most) most = open;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) open -= 1;
  }
  return most;
}
