// The commands of a query as texts: what stands between pipes, outside of quotes and brackets.

/** Splits at a separator that stands outside of quotes and brackets. */
export function partsOf(query: string, separator = "|"): readonly string[] {
  const parts: string[] = [];
  let [depth, from, quote] = [0, 0, false];
  for (let at = 0; at < query.length; at += 1) {
    const letter = query[at] ?? "";
    if (quote && letter === "\\") at += 1;
    else if (letter === '"') quote = !quote;
    else if (quote) continue;
    else if ("([{".includes(letter)) depth += 1;
    else if (")]}".includes(letter)) depth -= 1;
    else if (depth === 0 && query.startsWith(separator, at)) {
      parts.push(query.slice(from, at));
      from = at + separator.length;
    }
  }
  return [...parts, query.slice(from)].map((part) => part.trim());
}

/** The query with one part less: a command, an item of its list, a side of AND or OR, a function around its argument. */
export function smallerQueries(query: string): readonly string[] {
  const commands = partsOf(query);
  const without = commands.flatMap((_, i) => (i === 0 ? [] : [commands.toSpliced(i, 1).join(" | ")]));
  const inner = commands.flatMap((command, i) =>
    (i === 0 ? [] : smallerCommands(command)).map((smaller) => commands.with(i, smaller).join(" | ")),
  );
  return [...without, ...inner].toSorted((a, b) => a.length - b.length);
}

function smallerCommands(command: string): readonly string[] {
  const found: string[] = [];
  const [name = "", ...rest] = command.split(" ");
  const body = rest.join(" ");
  const items = partsOf(body, ", ");
  if (items.length > 1) for (const i of items.keys()) found.push(`${name} ${items.toSpliced(i, 1).join(", ")}`);
  for (const word of [" AND ", " OR ", " BY ", " WHERE "]) {
    const sides = partsOf(body, word);
    if (sides.length > 1) for (const i of sides.keys()) found.push(`${name} ${sides.toSpliced(i, 1).join(word)}`);
  }
  // An argument in place of its function.
  for (const match of body.matchAll(/([A-Z_0-9]*)\(/g)) {
    const open = match.index + match[0].length;
    const close = closing(body, open);
    if (close < 0) continue;
    for (const argument of partsOf(body.slice(open, close), ", ")) {
      found.push(`${name} ${body.slice(0, match.index)}${argument}${body.slice(close + 1)}`);
    }
    for (const side of [" AND ", " OR "].flatMap((word) => partsOf(body.slice(open, close), word))) {
      found.push(`${name} ${body.slice(0, match.index)}${side}${body.slice(close + 1)}`);
    }
  }
  return found.filter((each) => each.length < command.length);
}

function closing(text: string, open: number): number {
  let depth = 1;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === "(") depth += 1;
    else if (text[at] === ")") depth -= 1;
    if (depth === 0) return at;
  }
  return -1;
}
