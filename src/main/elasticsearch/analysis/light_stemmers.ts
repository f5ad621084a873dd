// Light stemmers by the rules of Jacques Savoy (University of Neuchâtel): plurals and inflections, cut by the endings alone.
// Words are lower-case; anything else is left as it is where no rule fits.

const ACCENTS: ReadonlyMap<string, string> = new Map(
  ["aàáâä", "eèéêë", "iìíîï", "oòóôö", "uùúûü"].flatMap((group) => [...group.slice(1)].map((each) => [each, group.charAt(0)] as const)),
);

function withoutAccents(term: string, letters: string): string {
  return term.replace(/[àáâäèéêëìíîïòóôöùúûü]/g, (letter) => {
    const plain = ACCENTS.get(letter) ?? letter;
    return letters.includes(plain) ? plain : letter;
  });
}

/** German: without case endings, then without those of comparison. */
export function lightGerman(term: string): string {
  return withoutComparison(withoutCase(withoutAccents(term, "aiou")));
}

const BEFORE_S = "bdfghklmnt";

function withoutCase(term: string): string {
  const { length } = term;
  if (length > 5 && term.endsWith("ern")) return term.slice(0, -3);
  if (length > 4 && /e[mnrs]$/.test(term)) return term.slice(0, -2);
  if (length > 3 && term.endsWith("e")) return term.slice(0, -1);
  return length > 3 && term.endsWith("s") && BEFORE_S.includes(term.charAt(length - 2)) ? term.slice(0, -1) : term;
}

function withoutComparison(term: string): string {
  const { length } = term;
  if (length > 5 && term.endsWith("est")) return term.slice(0, -3);
  if (length > 4 && (term.endsWith("er") || term.endsWith("en"))) return term.slice(0, -2);
  return length > 4 && term.endsWith("st") && BEFORE_S.includes(term.charAt(length - 3)) ? term.slice(0, -2) : term;
}

/** Spanish: without genders and plurals. */
export function lightSpanish(term: string): string {
  if (term.length < 5) return term;
  const plain = withoutAccents(term, "aeiou");
  if (/[oae]$/.test(plain)) return plain.slice(0, -1);
  if (!plain.endsWith("s")) return plain;
  if (plain.endsWith("eses")) return plain.slice(0, -2);
  if (plain.endsWith("ces")) return `${plain.slice(0, -3)}z`;
  return /[oae]s$/.test(plain) ? plain.slice(0, -2) : plain;
}

/** Italian: without genders and plurals. */
export function lightItalian(term: string): string {
  if (term.length < 6) return term;
  const plain = withoutAccents(term, "aeiou");
  if (/(?:[ih]e|[hi]i|ia|io)$/.test(plain)) return plain.slice(0, -2);
  return /[eiao]$/.test(plain) ? plain.slice(0, -1) : plain;
}

/** German spellings made one: ä and ae are a, ß is ss; an e behind a vowel that is no umlaut stays. */
export function normaliseGerman(term: string): string {
  let out = "";
  let before: "other" | "vowel" | "umlaut" = "other";
  for (const letter of term) {
    if (letter === "a" || letter === "o") before = "umlaut";
    else if (letter === "u") before = before === "other" ? "umlaut" : "vowel";
    else if (letter === "e") {
      const dropped = before === "umlaut";
      before = "vowel";
      if (dropped) continue;
    } else if ("iqyäöü".includes(letter)) before = "vowel";
    else before = "other";
    out += GERMAN.get(letter) ?? letter;
  }
  return out;
}

const GERMAN: ReadonlyMap<string, string> = new Map([
  ["ä", "a"],
  ["ö", "o"],
  ["ü", "u"],
  ["ß", "ss"],
]);
