// The words of what a more_like_this clause likes, by field, and how often they stand there. Documents are read as they are now.
import { isNumber, isObject, type JsonObject, type JsonValue } from "../../../../shared/json.ts";
import { analyzerNamed, analyzerOf } from "../../../elasticsearch/analysis/index.ts";
import { fieldType } from "../../../elasticsearch/fields/index.ts";
import { javaScalarText } from "../../../elasticsearch/fields/number_text.ts";
import { compareUtf8 } from "../../../elasticsearch/fields/utf8_order.ts";
import { type Field, findField } from "../../../elasticsearch/mapping.ts";
import { type Context, fieldOf } from "../../context.ts";
import { RejectedRequest, UnsupportedClause } from "../../failure.ts";
import { readValues } from "../../hits/copied_values.ts";
import { documentKey, type LookedUp } from "../../lookups.ts";
import type { Liked, LikedDocument, Likeness } from "./asked.ts";

/** Word → how often it stands there, in the order of arrival. */
export type Frequencies = ReadonlyMap<string, number>;

export interface LikedWords {
  readonly fields: readonly Field[];
  /** Of the documents liked, by the path of their field; null where only texts are liked. */
  readonly ofDocuments: ReadonlyMap<string, Frequencies> | null;
  /** Of the texts liked; null where there are none. */
  readonly ofTexts: Frequencies | null;
}

/** How many words of a text are read. */
const MOST_READ = 5000;

/** The words liked, seen from an index: those long enough, not stopped and not disliked. */
export function likedWords(asked: Likeness, index: string, lookedUp: LookedUp, context: Context, pointer: string): LikedWords | null {
  const fields = searchedFields(asked, context, pointer);
  const [first] = fields;
  if (asked.fields === null && asked.like.texts.length + asked.unlike.texts.length > 0) {
    throw refused("[more_like_this] query cannot infer the field to analyze the free text");
  }
  if (asked.fields !== null && first === undefined) return null;
  const disliked = wordsOf(asked.unlike, fields, { asked, index, lookedUp, context, pointer });
  const read = wordsOf(asked.like, fields, { asked, index, lookedUp, context, pointer });
  const skipped = (path: string, word: string): boolean =>
    disliked.documents.get(path)?.has(word) === true || (path === first?.path && disliked.texts.has(word));
  const kept = (path: string, words: Frequencies): Frequencies =>
    new Map([...words].filter(([word]) => !isNoise(word, asked) && !skipped(path, word)));
  return {
    fields,
    ofDocuments: asked.like.documents.length === 0 ? null : new Map([...read.documents].map(([path, words]) => [path, kept(path, words)])),
    ofTexts: asked.like.texts.length === 0 ? null : kept(first?.path ?? "", read.texts),
  };
}

function refused(reason: string): RejectedRequest {
  return new RejectedRequest("query_shard_exception", `failed to create query: ${reason}`);
}

function isNoise(word: string, { shortest, longest, stopWords }: Likeness): boolean {
  return (shortest > 0 && word.length < shortest) || (longest > 0 && word.length > longest) || stopWords.has(word);
}

function searchedFields({ fields, failOnOthers, like, unlike }: Likeness, context: Context, pointer: string): readonly Field[] {
  return (fields ?? []).flatMap((path, i) => {
    const field = fieldOf(context, path, pointer);
    if (field === undefined) {
      if (i === 0 && like.texts.length + unlike.texts.length > 0) {
        throw new RejectedRequest("illegal_argument_exception", `No analyzer configured for field ${path}`);
      }
      throw new UnsupportedClause(pointer, `[${path}] is not mapped: which field is searched then has no SQL yet`);
    }
    if (field.type === "text" || field.type === "keyword") return [field];
    if (failOnOthers) throw refused(`more_like_this only supports text/keyword fields: [${path}]`);
    return [];
  });
}

interface Reading {
  readonly asked: Likeness;
  readonly index: string;
  readonly lookedUp: LookedUp;
  readonly context: Context;
  readonly pointer: string;
}

function wordsOf(
  liked: Liked,
  fields: readonly Field[],
  reading: Reading,
): { readonly documents: ReadonlyMap<string, Frequencies>; readonly texts: Frequencies } {
  const [first] = fields;
  const texts = new Map<string, number>();
  if (first !== undefined) for (const text of liked.texts) addText(texts, first, text, reading);
  const documents = new Map<string, Map<string, number>>();
  for (const document of liked.documents) {
    const source = document.source ?? sourceOf(document, reading);
    if (source === null) continue;
    for (const field of fieldsOf(document, fields, reading)) {
      const words = documents.get(field.path) ?? new Map<string, number>();
      documents.set(field.path, words);
      for (const word of documentWords(field, source, reading.pointer)) words.set(word, (words.get(word) ?? 0) + 1);
    }
  }
  return { documents, texts };
}

function addText(words: Map<string, number>, field: Field, text: string, { asked, pointer }: Reading): void {
  const named = asked.analyzer === null ? undefined : analyzerNamed(asked.analyzer, field.analysis);
  if (asked.analyzer !== null && named === undefined)
    throw new UnsupportedClause(`${pointer}/analyzer`, `[${asked.analyzer}] is not known here`);
  const tokens = named === undefined ? valueWords(field, text, pointer) : named.analyze(text).map(({ term }) => term);
  for (const term of tokens.slice(0, MOST_READ)) words.set(term, (words.get(term) ?? 0) + 1);
}

function sourceOf({ index, id, routing }: LikedDocument, reading: Reading): JsonObject | null {
  const name = index ?? reading.index;
  const source = reading.lookedUp.get(documentKey({ index: name, id: id ?? "", path: "", routing }));
  if (source === undefined) throw new UnsupportedClause(reading.pointer, `the document [${id}] of [${name}] can't be looked up`);
  return source;
}

// A document that the request brings has the words of all its fields, whatever fields the clause names.
function fieldsOf(document: LikedDocument, fields: readonly Field[], { asked, context, pointer }: Reading): readonly Field[] {
  if (document.fields !== null) {
    if (document.fields.some((name) => name.includes("*")))
      throw new UnsupportedClause(pointer, "patterns of a document's fields have no SQL yet");
    return document.fields.flatMap((path) => fieldOf(context, path, pointer) ?? []).filter(hasWords);
  }
  if (document.source === null && asked.fields !== null) return fields;
  if (document.source !== null) refuseUnmapped(document.source, "", context, pointer);
  return [...context.mapping.fields.keys()].flatMap((path) => fieldOf(context, path, pointer) ?? []).filter(hasWords);
}

function hasWords(field: Field): boolean {
  return (field.type === "text" || field.type === "keyword") && field.nested === null;
}

// Elasticsearch would map it for the occasion.
function refuseUnmapped(source: JsonObject, around: string, context: Context, pointer: string): void {
  for (const [name, value] of Object.entries(source)) {
    const path = around === "" ? name : `${around}.${name}`;
    if (findField(context.mapping, path) !== undefined) continue;
    if (!isObject(value) || isNumber(value)) throw new UnsupportedClause(pointer, `[${path}] of a document is not mapped`);
    refuseUnmapped(value, path, context, pointer);
  }
}

function documentWords(field: Field, source: JsonObject, pointer: string): readonly string[] {
  const values = readValues(field, source, 0, false, pointer).filter((value) => value !== null);
  // Lucene gives a document's words in byte order.
  const words = values.flatMap((value: JsonValue) => valueWords(field, javaScalarText(value), pointer));
  return words.toSorted(compareUtf8);
}

function valueWords(field: Field, text: string, pointer: string): readonly string[] {
  if (field.type === "keyword") {
    const term = fieldType(field)?.term(field, text, 0);
    return term?.kind === "value" ? [String(term.value)] : [];
  }
  const analyzer = analyzerOf(field);
  if (analyzer === undefined) throw new UnsupportedClause(pointer, `[${field.path}] is analysed in a way that is not known here`);
  return analyzer.analyze(text).map(({ term }) => term);
}
