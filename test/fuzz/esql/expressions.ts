// Generated expressions of ES|QL, by the kind of value that they give.
import type { Random } from "../../../scripts/sample/random.ts";
import { type Col, columnOf, type Kind, quoted } from "./columns.ts";

export interface Making {
  readonly random: Random;
  readonly columns: readonly Col[];
  /** The rows are still documents: full text search may ask about them. */
  readonly documents: boolean;
}

const DATES = ['"2024-10-21T00:00:00Z"', '"2024-10-27"', '"2024-11-03T01:30:00.000Z"', '"2024-10-25T12:00:00.123Z"', '"1970-01-01"'];
const WHOLES = ["0", "1", "-1", "7", "100", "2147483647", "2147483648", "9007199254740993"];
const DOUBLES = ["0.5", "-2.5", "0.0", "3.0", "1e10", "0.1"];
const TEXTS = ["error", "a", "", "é", "GET", "foo*bar", "😀", "10", "ß", "true"];
const ADDRESSES = ['"10.0.1.7"', '"::1"', '"255.255.255.255"'];

/** Something of a kind: a column mostly, an expression over some, or a literal. */
export function value(making: Making, kind: Kind, depth: number): string {
  const { random, columns } = making;
  const column = columnOf(random, columns, kind);
  if (depth > 0 && random.chance(0.45)) return computed(making, kind, depth - 1);
  if (column !== null) return column.name;
  return literal(random, kind, column);
}

export function literal(random: Random, kind: Kind, like: Col | null): string {
  if (like !== null && like.samples.length > 0 && random.chance(0.7)) return random.pick(like.samples);
  switch (kind) {
    case "text":
      return quoted(random.pick(TEXTS));
    case "whole":
      return random.pick(WHOLES);
    case "double":
      return random.pick(DOUBLES);
    case "boolean":
      return random.pick(["true", "false"]);
    case "ip":
      return `${random.pick(ADDRESSES)}::ip`;
    case "date":
      return `${random.pick(DATES)}::datetime`;
    case "nanos":
      return `${random.pick(DATES)}::date_nanos`;
    case "geo":
      return "null";
  }
}

function computed(making: Making, kind: Kind, depth: number): string {
  const { random } = making;
  const of = (inner: Kind): string => value(making, inner, depth);
  const some = random.chance(0.15) ? chosen(making, kind, depth) : null;
  if (some !== null) return some;
  switch (kind) {
    case "text":
      return random.pick(TEXT_FORMS)(of, random);
    case "whole":
      return random.pick(WHOLE_FORMS)(of, random);
    case "double":
      return random.pick(DOUBLE_FORMS)(of, random);
    case "date":
      return random.pick(DATE_FORMS)(of, random);
    case "boolean":
      return `(${condition(making, depth)})`;
    case "ip":
      return random.pick([
        `TO_IP(TO_STRING(${of("ip")}))`,
        `MV_FIRST(${of("ip")})`,
        `IP_PREFIX(${of("ip")}, ${random.integer(0, 32)}, ${random.integer(0, 128)})`,
      ]);
    case "nanos":
      return random.pick([`MV_MAX(${of("nanos")})`, `MV_FIRST(${of("nanos")})`]);
    case "geo":
      return "null";
  }
}

function chosen(making: Making, kind: Kind, depth: number): string | null {
  const of = (): string => value(making, kind, depth);
  if (kind === "geo" || kind === "nanos") return null;
  const { random } = making;
  const forms = [
    () => `COALESCE(${of()}, ${of()})`,
    () => `CASE(${condition(making, depth)}, ${of()}, ${of()})`,
    () => `MV_DEDUPE(${of()})`,
  ];
  if (kind !== "boolean")
    forms.push(
      () => `GREATEST(${of()}, ${of()})`,
      () => `LEAST(${of()}, ${of()})`,
      () => `MV_MIN(${of()})`,
      () => `MV_LAST(MV_SORT(${of()}))`,
    );
  return random.pick(forms)();
}

type Form = (of: (kind: Kind) => string, random: Random) => string;

const FORMATS = [
  "yyyy-MM-dd",
  "yyyy-MM-dd HH:mm:ss",
  "EEE, d MMM yyyy",
  "HH:mm",
  "hh:mm a",
  "yyyy-MM-dd'T'HH:mm:ss.SSSZ",
  "MMMM",
  "D",
  "yyyy-'Q'Q",
  "epoch_second",
];
const SPANS = ["1 hour", "1 day", "1 week", "1 month", "30 minutes", "12 hours", "1 year", "3 months", "5 minutes", "2 weeks", "1 quarter"];
const PARTS = [
  "year",
  "month_of_year",
  "day_of_month",
  "day_of_week",
  "hour_of_day",
  "minute_of_hour",
  "day_of_year",
  "epoch_day",
  "aligned_week_of_year",
  "second_of_day",
];

const TEXT_FORMS: readonly Form[] = [
  (of) => `CONCAT(${of("text")}, ${of("text")})`,
  (of, random) => `SUBSTRING(${of("text")}, ${random.integer(-3, 5)}, ${random.integer(0, 5)})`,
  (of, random) => `LEFT(${of("text")}, ${random.integer(0, 4)})`,
  (of, random) => `RIGHT(${of("text")}, ${random.integer(0, 4)})`,
  (of) => `TO_UPPER(${of("text")})`,
  (of) => `TO_LOWER(${of("text")})`,
  (of) => `TRIM(${of("text")})`,
  (of) => `REVERSE(${of("text")})`,
  (of) => `REPLACE(${of("text")}, "[aeiou]", "_")`,
  (of) => `SPLIT(${of("text")}, " ")`,
  (of) => `MV_CONCAT(${of("text")}, "|")`,
  (of) => `TO_STRING(${of("whole")})`,
  (of) => `TO_STRING(${of("double")})`,
  (of) => `TO_STRING(${of("date")})`,
  (of) => `TO_STRING(${of("boolean")})`,
  (of) => `${of("ip")}::string`,
  (of, random) => `DATE_FORMAT(${quoted(random.pick(FORMATS))}, ${of("date")})`,
  (of, random) => `HASH("${random.pick(["md5", "SHA-1", "sha256"])}", ${of("text")})`,
  (of) => `MV_ZIP(${of("text")}, ${of("text")}, "-")`,
  (of) => `REPEAT(${of("text")}, 2)`,
];

const WHOLE_FORMS: readonly Form[] = [
  (of, random) => `${of("whole")} ${random.pick(["+", "-", "*", "/", "%"])} ${of("whole")}`,
  (of) => `LENGTH(${of("text")})`,
  (of) => `BYTE_LENGTH(${of("text")})`,
  (of) => `ABS(${of("whole")})`,
  (of) => `-${of("whole")}`,
  (of) => `TO_INTEGER(${of("double")})`,
  (of) => `TO_LONG(${of("date")})`,
  (of) => `TO_LONG(${of("text")})`,
  (of) => `MV_COUNT(${of("text")})`,
  (of) => `MV_SUM(${of("whole")})`,
  (of) => `MV_MAX(${of("whole")})`,
  (of) => `LOCATE(${of("text")}, "a")`,
  (of, random) => `DATE_EXTRACT("${random.pick(PARTS)}", ${of("date")})`,
  (of, random) => `DATE_DIFF("${random.pick(["hour", "day", "week", "month", "year", "seconds"])}", ${of("date")}, ${of("date")})`,
  (of, random) => `ROUND(${of("whole")}, ${random.integer(-3, 2)})`,
  (of, random) => `ROUND_TO(${of("whole")}, 0, ${random.integer(1, 50)}, ${random.integer(60, 5000)})`,
  (of) => `(${of("whole")})::integer`,
];

const DOUBLE_FORMS: readonly Form[] = [
  (of, random) => `${of("double")} ${random.pick(["+", "-", "*", "/", "%"])} ${of(random.pick(["double", "whole"]))}`,
  (of, random) => `ROUND(${of("double")}, ${random.integer(0, 3)})`,
  (of) => `ROUND(${of("double")})`,
  (of) => `FLOOR(${of("double")})`,
  (of) => `CEIL(${of("double")})`,
  (of) => `SQRT(${of("whole")})`,
  (of) => `TO_DOUBLE(${of("whole")})`,
  (of) => `TO_DOUBLE(${of("text")})`,
  (of) => `MV_AVG(${of("whole")})`,
  (of) => `MV_MEDIAN(${of("double")})`,
  (of) => `ABS(${of("double")})`,
  (of) => `POW(${of("double")}, 2)`,
  (of) => `LOG10(${of("whole")})`,
  (of) => `SIGNUM(${of("double")})`,
  (of, random) => `MV_PERCENTILE(${of("double")}, ${random.pick([0, 25, 50, 90, 100])})`,
];

const DATE_FORMS: readonly Form[] = [
  (of, random) => `DATE_TRUNC(${random.pick(SPANS)}, ${of("date")})`,
  (of, random) => `${of("date")} ${random.pick(["+", "-"])} ${random.pick(["1 day", "3 months", "36 hours", "1 year", "90 seconds"])}`,
  (of) => `TO_DATETIME(TO_STRING(${of("date")}))`,
  (of) => `MV_MIN(${of("date")})`,
  (of, random) => `DATE_PARSE("${random.pick(["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss.SSS'Z'"])}", TO_STRING(${of("date")}))`,
];

/** A condition. */
export function condition(making: Making, depth: number): string {
  const { random } = making;
  if (depth > 0 && random.chance(0.3)) {
    const parts = Array.from({ length: random.integer(2, 3) }, () => condition(making, depth - 1));
    return `(${parts.join(random.pick([" AND ", " OR "]))})`;
  }
  if (depth > 0 && random.chance(0.1)) return `NOT ${condition(making, depth - 1)}`;
  return simple(making, depth);
}

function simple(making: Making, depth: number): string {
  const { random, columns, documents } = making;
  const kind = random.weighted([
    ["text", 5],
    ["whole", 4],
    ["double", 2],
    ["date", 4],
    ["boolean", 1],
    ["ip", 1],
  ] as const);
  const column = columnOf(random, columns, kind);
  if (column === null) return `${random.pick(columns).name} IS NOT NULL`;
  if (random.chance(0.12)) return `${column.name} IS ${random.pick(["", "NOT "])}NULL`;
  if (column.field && documents && random.chance(0.2)) return search(making, column);
  const left = value(making, kind, depth);
  const right = (): string => literal(random, kind, column);
  switch (kind) {
    case "text":
      return textCondition(making, left, right);
    case "boolean":
      return random.pick([left, `${left} == ${right()}`, `${left} != ${right()}`]);
    case "ip":
      return random.pick([`CIDR_MATCH(${left}, "10.0.0.0/23", "::/0")`, `${left} ${random.pick(["==", "!=", ">", "<="])} ${right()}`]);
    default:
      if (random.chance(0.2)) return `${left} ${random.pick(["IN", "NOT IN"])} (${right()}, ${right()})`;
      return `${left} ${random.pick(["==", "!=", ">", ">=", "<", "<="])} ${random.chance(0.8) ? right() : value(making, kind, depth)}`;
  }
}

function textCondition({ random }: Making, left: string, right: () => string): string {
  return random.pick([
    () => `${left} ${random.pick(["==", "!=", ">", "<"])} ${right()}`,
    () => `${left} ${random.pick(["LIKE", "NOT LIKE"])} ${random.pick(['"*a*"', '"e?r*"', '"GET"', '"*\\\\*bar"', '("*o*", "a")'])}`,
    () => `${left} RLIKE ${random.pick(['"[a-e].*"', '".*(o|r)"', '"id-[0-9]+"', '"a|b|c"'])}`,
    () => `${left} ${random.pick(["IN", "NOT IN"])} (${right()}, ${right()})`,
    () => `${random.pick(["STARTS_WITH", "ENDS_WITH"])}(${left}, "e")`,
  ])();
}

function search({ random }: Making, column: Col): string {
  const [sample = '"error"'] = column.samples;
  const query = column.kind === "text" ? random.pick([...column.samples, '"error"', '"quick brown"', '"the fox"']) : sample;
  if (column.samples.length === 0) return `${column.name} IS NOT NULL`;
  const name = column.name.replaceAll("`", "");
  const word = query.replaceAll(/^"|"$/g, "").replaceAll(/[^A-Za-z0-9 .-]/g, "");
  const forms = [() => `${column.name}:${query}`, () => `MATCH(${column.name}, ${query})`];
  if (column.kind === "text") {
    forms.push(
      () => `MATCH(${column.name}, ${query}, {"operator": "AND"})`,
      () => `MATCH_PHRASE(${column.name}, ${query})`,
      () => `KQL(${quoted(`${name}: ${JSON.stringify(word)}`)})`,
      () =>
        `KQL(${quoted(`${name}: ${/^[A-Za-z0-9]+$/.test(word) ? word : "error"} ${random.pick(["and", "or", "and not"])} ${name}: *`)})`,
      () => `QSTR(${quoted(`${name}:${JSON.stringify(word)}`)})`,
    );
  }
  if (column.kind === "whole" && /^-?[0-9]{1,9}$/.test(query)) {
    forms.push(() => `KQL(${quoted(`${name} ${random.pick([">", ">=", "<", "<="])} ${query}`)})`);
  }
  return random.pick(forms)();
}
