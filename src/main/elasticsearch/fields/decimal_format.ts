// Java's DecimalFormat, as the `format` of a number in docvalue_fields and aggregations: `0.00`, `#,##0`, `0.0%`, `'€'0`.

interface Shape {
  readonly prefix: string;
  readonly suffix: string;
  readonly grouping: number;
  readonly minWhole: number;
  readonly minFraction: number;
  readonly maxFraction: number;
  readonly scale: number;
}

const NUMBER_PART = /^([^#0,.]*)([#0,]*)(?:\.([#0]*))?([^#0,.]*)$/;

/** True when `formatDecimal` knows the pattern. */
export function isDecimalFormat(pattern: string): boolean {
  return shapeOf(pattern) !== null;
}

/** A number by a DecimalFormat pattern, half-even rounded. Throws on a pattern that isDecimalFormat refuses. */
export function formatDecimal(value: number, pattern: string): string {
  const shape = shapeOf(pattern);
  if (shape === null) throw new Error(`decimal format [${pattern}] is not known: ask isDecimalFormat first`);
  if (Number.isNaN(value)) return "NaN";
  const digits = roundHalfEven(Math.abs(value) * shape.scale, shape.maxFraction);
  const [whole = "0", fraction = ""] = digits.split(".");
  const trimmed =
    fraction.slice(0, shape.minFraction).padEnd(shape.minFraction, "0") + fraction.slice(shape.minFraction).replace(/0+$/, "");
  const padded = whole.replace(/^0+/, "").padStart(shape.minWhole, "0");
  const grouped = shape.grouping > 0 ? padded.replace(new RegExp(`\\B(?=(\\d{${shape.grouping}})+$)`, "g"), ",") : padded;
  const text = trimmed === "" ? grouped || "0" : `${grouped}.${trimmed}`;
  const negative = value < 0 || Object.is(value, -0);
  return `${negative ? "-" : ""}${shape.prefix}${text}${shape.suffix}`;
}

function shapeOf(pattern: string): Shape | null {
  const match = NUMBER_PART.exec(pattern);
  if (match === null || pattern.includes(";") || /[eE]/.test(pattern.replace(/'[^']*'/g, ""))) return null;
  const [, prefix = "", whole = "", fraction = "", suffix = ""] = match;
  if (whole === "" && fraction === "") return null;
  const comma = whole.lastIndexOf(",");
  return {
    prefix: prefix.replaceAll("'", ""),
    suffix: suffix.replaceAll("'", ""),
    grouping: comma === -1 ? 0 : whole.length - comma - 1,
    minWhole: count(whole, "0"),
    minFraction: count(fraction, "0"),
    maxFraction: fraction.length,
    scale: suffix.includes("%") ? 100 : 1,
  };
}

function count(text: string, char: string): number {
  return text.split(char).length - 1;
}

// A large double as Java has it: its shortest digits, filled up with zeros.
function shortestWhole(value: number): string {
  const [mantissa = "", exponent = "0"] = value.toExponential().split("e");
  const digits = mantissa.replace(".", "");
  return digits.padEnd(Number(exponent) + 1, "0");
}

// toFixed rounds the exact binary value, halves up; only a value exactly halfway needs the even neighbour.
function roundHalfEven(value: number, digits: number): string {
  if (value >= 2 ** 53) return shortestWhole(value);
  const fixed = value.toFixed(digits);
  const scaled = value * 10 ** digits;
  const exact = Number.isInteger(scaled * 2) && !Number.isInteger(scaled) && scaled / 10 ** digits === value;
  return exact && Math.floor(scaled) % 2 === 0 ? (Math.floor(scaled) / 10 ** digits).toFixed(digits) : fixed;
}
