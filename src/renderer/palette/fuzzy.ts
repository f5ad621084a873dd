// How well a text fits what was typed: its letters in order, best at the starts of words and side by side.

const START_OF_WORD = 8;
const SIDE_BY_SIDE = 5;
const SKIPPED = -0.2;

/** Positive and higher for a better fit; null where a word of what was typed is not in the text. */
export function fitOf(typed: string, text: string): number | null {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const lower = text.toLowerCase();
  let sum = 0;
  for (const word of words) {
    const fit = wordFit(word, lower);
    if (fit === null) return null;
    sum += fit;
  }
  return sum - text.length / 1000;
}

/** The best of the fits that begin at each place where the word's first letter is. */
function wordFit(word: string, text: string): number | null {
  let best: number | null = null;
  const [letter = ""] = word;
  for (let from = text.indexOf(letter); from !== -1; from = text.indexOf(letter, from + 1)) {
    const fit = fitFrom(word, text, from);
    if (fit === null) break; // what is missing after here is missing after any later place
    if (best === null || fit > best) best = fit;
  }
  return best;
}

function fitFrom(word: string, text: string, from: number): number | null {
  let sum = 0;
  let at = from - 1;
  for (const letter of word) {
    const next = text.indexOf(letter, at + 1);
    if (next === -1) return null;
    const start = next === 0 || /[^a-z0-9]/.test(text[next - 1] ?? "");
    sum += 1 + (start ? START_OF_WORD : next === at + 1 ? SIDE_BY_SIDE : (next - at) * SKIPPED);
    at = next;
  }
  return sum;
}
