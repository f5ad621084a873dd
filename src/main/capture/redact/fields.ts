// Which names are those of a field that was chosen: by its name wherever it stands, or by its path.

export interface ChosenFields {
  readonly any: boolean;
  /** One of them, to name where any may be meant; "" without any. */
  readonly first: string;
  /** The choice that a field's full name or any below it falls under; null for none. `trail`: names from the outside in, dots part them too. */
  fits(trail: readonly string[]): string | null;
  /** These and further ones, which count as the first. */
  with(names: readonly string[]): ChosenFields;
  /** The choice that a text (a query string, a script, ES|QL) names; null for none. */
  namedIn(text: string): string | null;
}

/** Fields by name (`email`) or by path (`user.email`). */
export function chosenFields(fields: readonly string[], derived: readonly string[] = []): ChosenFields {
  const names = fields.filter((field) => field !== "");
  const all = [...names.map((name) => [name, name] as const), ...derived.map((name) => [name, names[0] ?? name] as const)];
  const wanted = all.map(([name, field]) => ({ field, steps: name.split(".") }));
  const words = all.map(([name, field]) => ({ field, pattern: new RegExp(`(?<![\\w@])${escaped(name)}(?![\\w@])`) }));
  return {
    any: wanted.length > 0,
    first: wanted[0]?.field ?? "",
    with: (more) => chosenFields(fields, [...derived, ...more]),
    fits: (trail) => {
      const steps = trail.flatMap((name) => name.split("."));
      return wanted.find((one) => isWithin(steps, one.steps))?.field ?? null;
    },
    namedIn: (text) => words.find(({ pattern }) => pattern.test(text))?.field ?? null,
  };
}

function isWithin(steps: readonly string[], wanted: readonly string[]): boolean {
  return steps.some((_, i) => wanted.every((step, j) => steps[i + j] === step));
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
