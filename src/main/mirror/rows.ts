// Documents → rows of one layout, in RowBinary: the columns that every table has, then the mapping's.
import { isUtf8 } from "node:buffer";
import { isObject, JsonSyntaxError, parseJson } from "../../shared/json.ts";
import { RowBinaryWriter } from "../clickhouse/rowbinary.ts";
import type { Place } from "../elasticsearch/bulk.ts";
import { MalformedValue } from "../elasticsearch/fields/field_type.ts";
import { looseText } from "../elasticsearch/loose_utf8.ts";
import { textOf } from "../elasticsearch/raw_json.ts";
import { type Sharding, shardOf } from "../elasticsearch/routing.ts";
import type { Layout } from "./layout.ts";

/** A document as it stands in Elasticsearch; `source` is null when it was deleted. */
export interface Row {
  readonly id: string;
  readonly routing: string;
  readonly place: Place;
  readonly source: Uint8Array | null;
}

export interface EncodedRows {
  readonly bytes: Uint8Array;
  readonly written: readonly Row[];
  /** Documents that a field's type refused although Elasticsearch took them, and the first reason. */
  readonly refused: number;
  readonly reason: string;
}

/** Documents have a name that the mapping lacks: it is to be asked for again. */
export const LACKING = "lacking";

const NO_BYTES = new Uint8Array(0);

/** The rows in the form of the layout; LACKING where `wary` and one has a name that the mapping lacks. */
export function encodeRows(
  layout: Layout,
  sharding: Sharding,
  rows: readonly Row[],
  { sizeHint, wary }: { readonly sizeHint: number; readonly wary: boolean },
): EncodedRows | typeof LACKING {
  const out = new RowBinaryWriter(Math.max(sizeHint, 4096));
  const written: Row[] = [];
  let refused = 0;
  let reason = "";
  for (const row of rows) {
    const start = out.length;
    try {
      writeMeta(out, sharding, row);
      if (!writeFields(out, layout, row, wary)) return LACKING;
      written.push(row);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      out.truncate(start);
      refused += 1;
      reason ||= `document ${row.id} ${error instanceof JsonSyntaxError ? "can't be read" : "has a value that can't be mirrored"}: ${error.message}`;
    }
  }
  return { bytes: out.bytes(), written, refused, reason };
}

function isRefusal(error: unknown): error is Error {
  return error instanceof MalformedValue || error instanceof TypeError || error instanceof RangeError || error instanceof JsonSyntaxError;
}

function writeMeta(out: RowBinaryWriter, sharding: Sharding, row: Row): void {
  out.text(row.id);
  out.raw(row.source ?? NO_BYTES);
  out.text(row.routing);
  out.int(shardOf(row.routing === "" ? row.id : row.routing, sharding), 2);
  out.safeInt64(row.place.seqNo);
  out.int(row.place.primaryTerm, 4);
  out.int64(row.place.version);
  out.int(row.source === null ? 1 : 0, 1);
}

/** False when `wary` and the document has a name that the mapping lacks. */
function writeFields(out: RowBinaryWriter, layout: Layout, { source }: Row, wary: boolean): boolean {
  if (source === null) {
    layout.writeAbsent(out);
    return true;
  }
  const scanned = layout.scan(source);
  if (wary && scanned === "lacking") return false;
  const start = out.length;
  if (scanned !== "odd") {
    try {
      layout.writeScanned(out);
      return true;
    } catch (error) {
      // A value that can't be read: the parser says why.
      if (!(error instanceof SyntaxError || error instanceof JsonSyntaxError)) throw error;
      out.truncate(start);
    }
  }
  const value = parseJson(documentText(source));
  if (!isObject(value)) layout.writeAbsent(out);
  else if (wary && layout.lacks(value)) return false;
  else layout.writeFields(out, value);
  return true;
}

/** Without the mark that may stand before any text in UTF-8. */
function documentText(bytes: Uint8Array): string {
  const text = isUtf8(bytes) ? textOf(bytes) : looseText(bytes);
  return text.startsWith("\ufeff") ? text.slice(1) : text;
}
