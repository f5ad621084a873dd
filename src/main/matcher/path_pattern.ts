// Patterns for places in an answer: `/aggregations/*/value`. `*` is any one step, `**` any number of them; all other steps are spelled as
// paths of differences are, keyed ones too (`[key=7]`). A pattern means the place and all that is inside it. Pure.

/** Its steps, without the escapes of a JSON pointer. */
export type PathPattern = readonly string[];

const LONGEST = 1000;

/** "" or what is wrong with it, as the end of a sentence that begins with its name. */
export function pathPatternProblem(text: string): string {
  if (!text.startsWith("/")) return 'does not begin with "/", like /aggregations/*/value';
  if (text.length > LONGEST) return `is longer than ${LONGEST} characters`;
  return text.slice(1).split("/").includes("") ? "has a step of no characters" : "";
}

/** The pattern that a text means. */
export function pathPattern(text: string): PathPattern {
  return text.slice(1).split("/").map(unescaped);
}

/** True when the place with these steps is meant, or lies in one that is. */
export function covers(pattern: PathPattern, steps: readonly string[]): boolean {
  let at = 0;
  let step = 0;
  // Where the last `**` stands, and the step up to which it reaches.
  let any = -1;
  let reached = 0;
  for (;;) {
    if (at === pattern.length) return true;
    if (pattern[at] === "**") {
      any = at;
      reached = step;
      at += 1;
    } else if (step < steps.length && (pattern[at] === "*" || pattern[at] === steps[step])) {
      at += 1;
      step += 1;
    } else if (any >= 0 && reached < steps.length) {
      reached += 1;
      step = reached;
      at = any + 1;
    } else {
      return false;
    }
  }
}

function unescaped(step: string): string {
  return step.replaceAll("~1", "/").replaceAll("~0", "~");
}
