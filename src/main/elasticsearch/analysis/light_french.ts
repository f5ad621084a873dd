// The light French stemmer by the rules of Jacques Savoy (University of Neuchâtel): plurals and feminine forms first, then one ending
// after the other, then accents and doubled letters. Words are lower-case.

interface Rule {
  /** The word is longer than that. */
  readonly beyond: number;
  readonly ending: string;
  readonly becomes: string;
  /** No other ending is looked for behind it. */
  readonly last: boolean;
}

const rule = (beyond: number, ending: string, becomes: string, last = true): Rule => ({ beyond, ending, becomes, last });

const RULES: readonly Rule[] = [
  rule(9, "issement", "ir"),
  rule(8, "issant", "ir"),
  rule(6, "ement", "e"),
  rule(11, "ficatrice", "fier"),
  rule(10, "ficateur", "fier"),
  rule(9, "catrice", "quer"),
  rule(8, "cateur", "quer"),
  rule(8, "atrice", "er"),
  rule(7, "ateur", "er"),
  rule(6, "trice", "teur", false),
  rule(5, "ième", ""),
  rule(7, "teuse", "ter"),
  rule(6, "teur", "ter"),
  rule(5, "euse", "eu"),
  rule(8, "ère", "er"),
  rule(7, "ive", "if"),
  rule(4, "folle", "fou"),
  rule(4, "molle", "mou"),
  rule(9, "nnelle", "n"),
  rule(9, "nnel", "n"),
  rule(4, "ète", "et", false),
  rule(8, "ique", "", false),
  rule(8, "esse", "e"),
  rule(7, "inage", "in"),
  rule(9, "isation", ""),
  rule(9, "isateur", ""),
  rule(8, "ation", ""),
  rule(8, "ition", ""),
];

/** French: without plurals, genders and the commonest endings. */
export function lightFrench(term: string): string {
  let word = singular(term);
  for (const { beyond, ending, becomes, last } of RULES) {
    if (word.length <= beyond || !word.endsWith(ending)) continue;
    word = word.slice(0, word.length - ending.length) + becomes;
    if (last) return normalised(respelt(word, ending));
  }
  return normalised(word);
}

function singular(term: string): string {
  let word = term;
  if (word.length > 5 && word.endsWith("x")) word = /[^e]aux$/s.test(word) ? `${word.slice(0, -2)}l` : word.slice(0, -1);
  if (word.length > 3 && word.endsWith("x")) word = word.slice(0, -1);
  return word.length > 3 && word.endsWith("s") ? word.slice(0, -1) : word;
}

// What is left may have an ending of its own: active(ment) is actif, actual(isation) is actuel.
function respelt(word: string, ending: string): string {
  if (ending === "ement" && word.length > 3 && word.endsWith("ive")) return `${word.slice(0, -2)}f`;
  return ending === "isation" && word.length > 5 && word.endsWith("ual") ? `${word.slice(0, -2)}el` : word;
}

const PLAIN: ReadonlyMap<string, string> = new Map(
  ["aàáâ", "oô", "eèéê", "uùû", "iî", "cç"].flatMap((group) => [...group.slice(1)].map((each) => [each, group.charAt(0)] as const)),
);

function normalised(word: string): string {
  let plain = word;
  if (plain.length > 4) {
    plain = plain.replace(/[àáâôèéêùûîç]/g, (letter) => PLAIN.get(letter) ?? letter);
    plain = plain.replace(/([^\ud800-\udfff])\1+/gs, (doubled, letter: string) => (/\p{L}/u.test(letter) ? letter : doubled));
  }
  if (plain.length > 4 && plain.endsWith("ie")) plain = plain.slice(0, -2);
  if (plain.length <= 4) return plain;
  if (plain.endsWith("r")) plain = plain.slice(0, -1);
  if (plain.endsWith("e")) plain = plain.slice(0, -1);
  if (plain.endsWith("e")) plain = plain.slice(0, -1);
  const end = plain.charAt(plain.length - 1);
  return end === plain.charAt(plain.length - 2) && /\p{L}/u.test(end) ? plain.slice(0, -1) : plain;
}
