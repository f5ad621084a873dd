// What a more_like_this clause asks for: texts and documents that matches are to be like, or unlike, and which words count.
import { isArray, isNumber, isObject, type JsonObject, type JsonValue, member } from "../../../../shared/json.ts";
import { RejectedRequest, UnsupportedClause } from "../../failure.ts";
import { booleanOption, boostOf, numberOption, scalarText, textOption } from "../../parameters.ts";

/** A document of an index, or one that the request itself brings. */
export interface LikedDocument {
  /** null: the index of the shard that is asked. */
  readonly index: string | null;
  readonly id: string | null;
  /** "": none. */
  readonly routing: string;
  readonly source: JsonObject | null;
  /** null: those of the clause. */
  readonly fields: readonly string[] | null;
}

export interface Liked {
  readonly texts: readonly string[];
  readonly documents: readonly LikedDocument[];
}

export interface Likeness {
  /** null: all. */
  readonly fields: readonly string[] | null;
  readonly like: Liked;
  readonly unlike: Liked;
  readonly mostWords: number;
  readonly leastInLiked: number;
  readonly leastDocuments: number;
  readonly mostDocuments: number;
  readonly shortest: number;
  /** 0: no limit. */
  readonly longest: number;
  readonly stopWords: ReadonlySet<string>;
  readonly analyzer: string | null;
  readonly minimum: JsonObject;
  /** 0: words have no boosts of their own. */
  readonly boostWords: number;
  readonly include: boolean;
  readonly failOnOthers: boolean;
  readonly boost: number;
}

const LISTS = new Set(["fields", "like", "unlike", "stop_words"]);
const VALUES = new Set([
  ...["like", "unlike", "max_query_terms", "min_term_freq", "min_doc_freq", "max_doc_freq", "min_word_length", "max_word_length"],
  ...["analyzer", "minimum_should_match", "boost_terms", "include", "fail_on_unsupported_field", "boost", "_name"],
]);

/** Reads the clause. Throws RejectedRequest as Elasticsearch refuses it. */
export function readLikeness(body: JsonValue, pointer: string): Likeness {
  if (!isObject(body)) throw new RejectedRequest("parsing_exception", "[more_like_this] query malformed, no start_object after query name");
  for (const [name, value] of Object.entries(body)) checkOption(name, value);
  const like = readLiked(member(body, "like"), `${pointer}/like`);
  if (like.texts.length + like.documents.length === 0) {
    throw new RejectedRequest("parsing_exception", "more_like_this requires 'like' to be specified");
  }
  const fields = member(body, "fields");
  if (isArray(fields ?? null) && textsOf(fields).length === 0) {
    throw new RejectedRequest("parsing_exception", "more_like_this requires 'fields' to be non-empty");
  }
  const mostWords = numberOption(body, "max_query_terms", 25);
  if (mostWords <= 0) throw new RejectedRequest("illegal_argument_exception", "requires 'maxQueryTerms' to be greater than 0");
  return {
    fields: fields === undefined ? null : textsOf(fields),
    like,
    unlike: readLiked(member(body, "unlike"), `${pointer}/unlike`),
    mostWords: Math.trunc(mostWords),
    leastInLiked: numberOption(body, "min_term_freq", 2),
    leastDocuments: numberOption(body, "min_doc_freq", 5),
    mostDocuments: numberOption(body, "max_doc_freq", Number.MAX_SAFE_INTEGER),
    shortest: numberOption(body, "min_word_length", 0),
    longest: numberOption(body, "max_word_length", 0),
    stopWords: new Set(textsOf(member(body, "stop_words"))),
    analyzer: member(body, "analyzer") === undefined ? null : textOption(body, "analyzer", ""),
    minimum: { minimum_should_match: textOption(body, "minimum_should_match", "30%") },
    boostWords: Math.fround(numberOption(body, "boost_terms", 0)),
    include: booleanOption(body, "include", false),
    failOnOthers: booleanOption(body, "fail_on_unsupported_field", true),
    boost: boostOf(body),
  };
}

function checkOption(name: string, value: JsonValue): void {
  const isDocument = isObject(value) && (name === "like" || name === "unlike");
  const known = isArray(value) ? LISTS.has(name) : isObject(value) && !isNumber(value) ? isDocument : value === null || VALUES.has(name);
  if (!known) throw new RejectedRequest("parsing_exception", `[mlt] query does not support [${name}]`);
}

function textsOf(value: JsonValue | undefined): readonly string[] {
  return isArray(value) ? value.map(scalarText) : [];
}

function readLiked(value: JsonValue | undefined, pointer: string): Liked {
  if (value === undefined || value === null) return { texts: [], documents: [] };
  const items = isArray(value) ? value : [value];
  if (items.some(isArray)) {
    throw new RejectedRequest("illegal_argument_exception", "Content of 'like' parameter should either be a string or an object");
  }
  return {
    texts: items.filter((item) => !isDocument(item)).map(scalarText),
    documents: items.filter(isDocument).map((item) => readDocument(item, pointer)),
  };
}

function isDocument(item: JsonValue): item is JsonObject {
  return isObject(item) && !isNumber(item);
}

const ITEM = new Set(["_index", "_id", "doc", "fields", "_routing", "routing"]);
const UNREAD = ["per_field_analyzer", "_version", "version", "_version_type", "version_type"];

function readDocument(item: JsonObject, pointer: string): LikedDocument {
  const unknown = Object.keys(item).find((name) => !ITEM.has(name) && !UNREAD.includes(name));
  if (unknown !== undefined) throw failedItem(`unknown field [${unknown}]`);
  const unread = UNREAD.find((name) => member(item, name) !== undefined);
  if (unread !== undefined) throw new UnsupportedClause(pointer, `[${unread}] of a document has no SQL yet`);
  const [id, source] = [member(item, "_id") ?? null, member(item, "doc") ?? null];
  if (id !== null && source !== null) throw failedItem("either [id] or [doc] can be specified, but not both!");
  if (id === null && source === null) throw failedItem("neither [id] nor [doc] is specified!");
  if (source !== null && !isObject(source)) throw failedItem("[doc] is no object");
  const fields = member(item, "fields");
  const routing = member(item, "_routing") ?? member(item, "routing") ?? "";
  return {
    index: textOption(item, "_index", "") || null,
    id: id === null ? null : scalarText(id),
    routing: scalarText(routing),
    source,
    fields: fields === undefined || textsOf(fields).length === 0 ? null : textsOf(fields),
  };
}

function failedItem(reason: string): RejectedRequest {
  return new RejectedRequest("parse_exception", `failed to parse More Like This item. ${reason}`);
}
