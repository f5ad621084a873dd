// Elasticsearch refuses a request whose JSON names a field twice in one object; JSON.parse takes the last. Pure.

const TOKEN = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}]/g;

/** The first field that an object of `text` (JSON) has twice; null when there is none. */
export function duplicateField(text: string): string | null {
  const open: Set<string>[] = [];
  for (const [token, colon] of text.matchAll(TOKEN)) {
    if (token === "{") open.push(new Set());
    else if (token === "}") open.pop();
    else if (colon !== undefined) {
      const own = token.slice(0, -colon.length);
      const name = own.includes("\\") ? String(JSON.parse(own)) : own.slice(1, -1);
      const names = open.at(-1);
      if (names?.has(name) === true) return name;
      names?.add(name);
    }
  }
  return null;
}
