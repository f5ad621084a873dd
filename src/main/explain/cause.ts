// The cause, from what was found. Pure: evidence in, one sentence out. What a person can check comes first, our own fault last: only
// where both sides count the same documents and nothing else explains the figures.
import type { Difference } from "../../shared/exchange.ts";
import type { Cause, Explanation } from "../../shared/explanation.ts";
import { precisionOf } from "./precision.ts";

/** How one document that is found on one side stands on the other. */
export type Standing = "absent" | "other version" | "not chosen" | "other values" | "not refreshed";

export interface Conflict {
  readonly field: string;
  /** Elasticsearch's type. */
  readonly mapping: string;
  /** ClickHouse's type of its column; null: there is no column. */
  readonly column: string | null;
}

export interface Evidence {
  readonly difference: Difference | null;
  /** The rule that excuses the path; null for none. */
  readonly rule: string | null;
  /** Whether the place differs when both sides are asked again. */
  readonly again: "differs" | "agrees" | "not asked";
  /** Sort values that several hits share at the place, JSON text; null where none do. */
  readonly tied: string | null;
  readonly conflicts: readonly Conflict[];
  /** Documents in Elasticsearch's choice that are not so in ClickHouse's, by how they stand there. */
  readonly elasticsearchOnly: Readonly<Record<Standing, number>>;
  readonly clickhouseOnly: Readonly<Record<Standing, number>>;
  /** Documents that both choose alike. */
  readonly alike: number;
  /** There are more documents than were looked at. */
  readonly bounded: boolean;
  /** Why the documents can't be told; "" where they are. */
  readonly noDocuments: string;
  /** Documents that came to ClickHouse after the search was compared, and how late the last was, seconds. */
  readonly late: { readonly documents: number; readonly seconds: number };
  /** What waits to be mirrored now. */
  readonly lag: { readonly documents: number; readonly seconds: number };
  /** Of documents that ClickHouse lacks: how many of them this run has mirrored. */
  readonly mirrored: number;
  /** Neighbouring buckets of dates whose counts moved between them: how many documents. 0: none did. */
  readonly moved: number;
  readonly zone: string;
  /** Type of the field whose value counts; undefined where there is none. */
  readonly fieldType: string | undefined;
}

export type Told = Pick<Explanation, "cause" | "sentence" | "excluded" | "action">;

const TIES: readonly string[] = ["tied_hits", "tied_buckets", "open_rows", "name_order", "doc_order"];
const CLOSE: readonly string[] = ["score", "float_sum", "as_string", "geo_distance", "hyperloglog", "tdigest"];

/** The cause, most certain first. */
export function causeOf(evidence: Evidence): Told {
  for (const explain of EXPLANATIONS) {
    const told = explain(evidence);
    if (told !== null) return told;
  }
  return UNKNOWN(evidence);
}

type Explains = (evidence: Evidence) => Told | null;

const EXPLANATIONS: readonly Explains[] = [
  excused,
  lateMirror,
  changedSince,
  conflicting,
  refreshPending,
  missingDocuments,
  surplusDocuments,
  tie,
  shifted,
  precision,
  translation,
];

function told(cause: Cause, sentence: string, action: string, excluded: readonly string[] = []): Told {
  return { cause, sentence, action, excluded };
}

function excused({ rule, tied }: Evidence): Told | null {
  if (rule === null) return null;
  if (TIES.includes(rule)) {
    const at = tied === null ? "" : ` at sort value ${tied}`;
    return told("tie", `Tie${at}: the request leaves this order open (rule ${rule}).`, "Add a sort key that no two documents share.");
  }
  if (rule === "noise") {
    const sentence = "A side was seen to disagree with itself here by as much (rule noise).";
    return told("noise", sentence, "Nothing; probe it again, or forget the noise of its shape, where that is not so any more.");
  }
  const close = CLOSE.includes(rule);
  return close
    ? told(
        "precision",
        `The figures agree within what Elasticsearch itself leaves open (rule ${rule}).`,
        "Nothing: the answer is equivalent.",
      )
    : null;
}

function lateMirror({ late, lag, elasticsearchOnly, again, bounded }: Evidence): Told | null {
  if (again === "agrees" && late.documents > 0) {
    const sentence = `${documents(late.documents)} reached ClickHouse only after the search was compared: the mirror was late by ${seconds(late.seconds)}.`;
    return told("late mirror", sentence, "Ask again: both sides agree by now.", [NOT_OURS]);
  }
  const lacking = elasticsearchOnly.absent + elasticsearchOnly["other version"];
  if (lacking === 0 || lag.documents === 0) return null;
  const sentence = `${areIn(lacking, "Elasticsearch", bounded)} only: the mirror is behind by ${seconds(lag.seconds)}.`;
  return told("late mirror", sentence, "Ask again once the mirror has caught up (Indices tells its lag).", [NOT_OURS]);
}

function changedSince({ again, difference }: Evidence): Told | null {
  if (again !== "agrees" || difference === null) return null;
  return told(
    "changed since",
    "It does not differ any more: asked again, both sides answer alike at this place.",
    "Send the request again to have a new verdict; if it differs now and then, look at the writes around it.",
  );
}

function conflicting({ conflicts }: Evidence): Told | null {
  const [first] = conflicts;
  if (first === undefined) return null;
  const has = first.column === null ? "has no column in the table" : `${first.column} in the table`;
  const more = conflicts.length === 1 ? "" : `, and ${conflicts.length - 1} more`;
  return told(
    "mapping conflict",
    `Field \`${first.field}\` is ${first.mapping} in the mapping and ${has}${more}.`,
    "Drop the table and backfill the index, so that its columns follow the mapping.",
    [NOT_OURS],
  );
}

function tie({ tied, difference }: Evidence): Told | null {
  if (tied === null || difference === null || !difference.path.startsWith("/hits/hits")) return null;
  return told(
    "tie",
    `Tie at sort value ${tied}: which of its documents come first is open.`,
    "Add a sort key that no two documents share.",
  );
}

function refreshPending({ elasticsearchOnly, clickhouseOnly }: Evidence): Told | null {
  const waiting = elasticsearchOnly["not refreshed"] + clickhouseOnly["not refreshed"];
  const others = [elasticsearchOnly, clickhouseOnly].some((side) => side.absent + side["other version"] > 0);
  if (waiting === 0 || others) return null;
  return told(
    "refresh pending",
    `Elasticsearch's searches do not show the last write of ${documents(waiting)} yet: it has not been refreshed since, and ClickHouse has it.`,
    "Ask again after the next refresh.",
    [NOT_OURS],
  );
}

function missingDocuments({ elasticsearchOnly, mirrored, bounded }: Evidence): Told | null {
  const { absent, "other version": old } = elasticsearchOnly;
  if (absent + old === 0) return null;
  const excluded = [`${NOT_OURS}; the mirror has nothing left to write.`];
  const action = "Reconcile the index: that copies what ClickHouse lacks.";
  if (absent === 0) {
    return told("missing document", `ClickHouse has an older version of ${documents(old)}.`, action, excluded);
  }
  const why =
    mirrored === 0
      ? "never mirrored: no write of them went by in this run"
      : `${mirrored === absent ? "all" : mirrored} of them were mirrored in this run and are gone from the table since`;
  return told("missing document", `${areIn(absent, "Elasticsearch", bounded)} only; ${why}.`, action, excluded);
}

function surplusDocuments({ clickhouseOnly, bounded }: Evidence): Told | null {
  const { absent, "other version": other } = clickhouseOnly;
  if (absent + other === 0) return null;
  const sentence =
    absent > 0
      ? `${areIn(absent, "ClickHouse", bounded)} only: Elasticsearch does not have ${absent === 1 ? "it" : "them"} any more, and no delete went by.`
      : `ClickHouse finds another version of ${documents(other)} than Elasticsearch has.`;
  return told("surplus document", sentence, "Reconcile the index: that deletes what Elasticsearch does not have.", [NOT_OURS]);
}

function shifted({ moved, zone }: Evidence): Told | null {
  if (moved === 0) return null;
  const place = zone === "" ? "" : ` (time_zone ${zone})`;
  return told(
    "time zone",
    `The buckets together hold as many documents on both sides, but ${documents(moved)} ${moved === 1 ? "stands" : "stand"} in a neighbouring bucket: their boundaries differ${place}.`,
    REPORT,
    ["It is no missing document: both sides have the same ones."],
  );
}

function precision(evidence: Evidence): Told | null {
  const { difference, fieldType } = evidence;
  if (difference === null || unlike(evidence) > 0) return null;
  const why = precisionOf(difference, fieldType);
  return why === "" ? null : told("precision", why, "Nothing is lost: compare such figures by their leading digits.", [SAME]);
}

function translation(evidence: Evidence): Told | null {
  const { elasticsearchOnly, clickhouseOnly, alike, noDocuments, difference, bounded } = evidence;
  if (difference === null || noDocuments !== "") return null;
  const theirs = elasticsearchOnly["not chosen"];
  const ours = clickhouseOnly["not chosen"];
  const values = elasticsearchOnly["other values"];
  if (values > 0) return told("translation", `${documents(values)} show other values in ClickHouse than in Elasticsearch.`, REPORT, [SAME]);
  if (theirs + ours > 0) {
    const sentence = `Both sides have the documents, but the query chooses otherwise: ${documents(theirs)} by Elasticsearch only, ${documents(ours)} by ClickHouse only.`;
    return told("translation", sentence, REPORT, ["It is no missing document: both sides have them in the same version."]);
  }
  if (bounded) {
    const sentence = `The ${documents(alike)} that were looked at are the same on both sides, but the figures differ: a fault of the translation, or of documents beyond them.`;
    return told(
      "translation",
      sentence,
      "Reconcile the index; if the figures still differ, report it: pin the exchange and save the session.",
    );
  }
  const sentence = `Both sides choose the same ${documents(alike)} and give different figures: a fault of the translation.`;
  return told("translation", sentence, REPORT, [SAME, "It is no matter of precision: the figures are further apart."]);
}

function UNKNOWN({ noDocuments, difference }: Evidence): Told {
  if (difference === null) return told("unknown", "Nothing differs at this path.", "Choose a path that differs.");
  return told("unknown", `The documents behind it can't be told: ${noDocuments}.`, REPORT);
}

const NOT_OURS = "It is no fault of the translation: the documents differ.";
const SAME = "It is no missing document: both sides choose the same ones.";
const REPORT = "Pin the exchange and save the session: with request, answers and SQL it is all that a report needs.";

function unlike({ elasticsearchOnly, clickhouseOnly }: Evidence): number {
  return [elasticsearchOnly, clickhouseOnly].flatMap((side) => Object.values(side)).reduce((sum, count) => sum + count, 0);
}

function documents(count: number): string {
  return `${count} ${count === 1 ? "document" : "documents"}`;
}

/** `atLeast`: there are more than were looked at. */
function areIn(count: number, side: string, atLeast: boolean): string {
  return `${atLeast ? "At least " : ""}${documents(count)} ${count === 1 ? "is" : "are"} in ${side}`;
}

function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}
