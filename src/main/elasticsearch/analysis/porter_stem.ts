// Porter's stemmer (M. F. Porter, "An algorithm for suffix stripping", 1980, with the two rules that its author added later:
// -logi → -log, and -abli read as -bli). Works on any text; only a–z make a difference.

/** The stem of a lower-case word; words of one or two letters stay. */
export function porterStem(word: string): string {
  if (word.length < 3) return word;
  let stem = step1c(step1b(step1a(word)));
  stem = replaceSuffix(stem, STEP_2, 1);
  stem = replaceSuffix(stem, STEP_3, 1);
  stem = step4(stem);
  return step5(stem);
}

/** True when the letter at `i` is a consonant: not a vowel, and a y only at the start or behind a vowel. */
function isConsonant(word: string, i: number): boolean {
  const letter = word[i] ?? "";
  if ("aeiou".includes(letter)) return false;
  return letter !== "y" || i === 0 || !isConsonant(word, i - 1);
}

/** How often a vowel is followed by a consonant. */
function measure(word: string): number {
  let count = 0;
  let vowel = false;
  for (let i = 0; i < word.length; i += 1) {
    const consonant = isConsonant(word, i);
    if (consonant && vowel) count += 1;
    vowel = !consonant;
  }
  return count;
}

function hasVowel(word: string): boolean {
  for (let i = 0; i < word.length; i += 1) if (!isConsonant(word, i)) return true;
  return false;
}

function endsDoubled(word: string): boolean {
  const last = word.length - 1;
  return last > 0 && word[last] === word[last - 1] && isConsonant(word, last);
}

/** Ends consonant, vowel, consonant, the last not w, x or y: `hop`, but not `snow`. */
function endsShort(word: string): boolean {
  const last = word.length - 1;
  if (last < 2 || !isConsonant(word, last) || isConsonant(word, last - 1) || !isConsonant(word, last - 2)) return false;
  return !"wxy".includes(word[last] ?? "");
}

function step1a(word: string): string {
  if (word.endsWith("sses") || word.endsWith("ies")) return word.slice(0, -2);
  return word.endsWith("s") && !word.endsWith("ss") ? word.slice(0, -1) : word;
}

function step1b(word: string): string {
  if (word.endsWith("eed")) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const cut = word.endsWith("ed") ? 2 : word.endsWith("ing") ? 3 : 0;
  if (cut === 0 || !hasVowel(word.slice(0, -cut))) return word;
  const stem = word.slice(0, -cut);
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`;
  if (endsDoubled(stem)) return /[lsz]$/.test(stem) ? stem : stem.slice(0, -1);
  return measure(stem) === 1 && endsShort(stem) ? `${stem}e` : stem;
}

function step1c(word: string): string {
  return word.endsWith("y") && hasVowel(word.slice(0, -1)) ? `${word.slice(0, -1)}i` : word;
}

type Suffixes = readonly (readonly [suffix: string, replacement: string])[];

const STEP_2: Suffixes = [
  ["ational", "ate"],
  ["tional", "tion"],
  ["enci", "ence"],
  ["anci", "ance"],
  ["izer", "ize"],
  ["bli", "ble"],
  ["alli", "al"],
  ["entli", "ent"],
  ["eli", "e"],
  ["ousli", "ous"],
  ["ization", "ize"],
  ["ation", "ate"],
  ["ator", "ate"],
  ["alism", "al"],
  ["iveness", "ive"],
  ["fulness", "ful"],
  ["ousness", "ous"],
  ["aliti", "al"],
  ["iviti", "ive"],
  ["biliti", "ble"],
  ["logi", "log"],
];

const STEP_3: Suffixes = [
  ["icate", "ic"],
  ["ative", ""],
  ["alize", "al"],
  ["iciti", "ic"],
  ["ical", "ic"],
  ["ful", ""],
  ["ness", ""],
];

const STEP_4 = "al ance ence er ic able ible ant ement ment ent ion ou ism ate iti ous ive ize".split(" ");

/** Replaces the first suffix that fits, where what is before it measures enough. */
function replaceSuffix(word: string, suffixes: Suffixes, least: number): string {
  const found = suffixes.find(([suffix]) => word.endsWith(suffix));
  if (found === undefined) return word;
  const stem = word.slice(0, word.length - found[0].length);
  return measure(stem) >= least ? stem + found[1] : word;
}

function step4(word: string): string {
  const suffix = STEP_4.find((each) => word.endsWith(each));
  if (suffix === undefined) return word;
  const stem = word.slice(0, word.length - suffix.length);
  if (suffix === "ion" && !/[st]$/.test(stem)) return word;
  return measure(stem) > 1 ? stem : word;
}

function step5(word: string): string {
  let stem = word;
  if (stem.endsWith("e")) {
    const shorter = stem.slice(0, -1);
    const size = measure(shorter);
    if (size > 1 || (size === 1 && !endsShort(shorter))) stem = shorter;
  }
  return stem.endsWith("ll") && measure(stem) > 1 ? stem.slice(0, -1) : stem;
}
