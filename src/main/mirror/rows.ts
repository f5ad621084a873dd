// Documents → rows of one layout, in RowBinary: the columns that every table has, then the mapping's.
import { isUtf8 } from "node:buffer";
import { isObject, type JsonObject, parseJson } from "../../shared/json.ts";
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

export interface ParsedRow {
  readonly row: Row;
  /** null for a deleted document. */
  readonly document: JsonObject | null;
}

const NO_BYTES = new Uint8Array(0);

/** Parses the document of a row. Throws JsonSyntaxError. */
export function parseRow(row: Row): ParsedRow {
  if (row.source === null) return { row, document: null };
  const value = parseJson(documentText(row.source));
  return { row, document: isObject(value) ? value : null };
}

/** Without the mark that may stand before any text in UTF-8. */
function documentText(bytes: Uint8Array): string {
  const text = isUtf8(bytes) ? textOf(bytes) : looseText(bytes);
  return text.startsWith("\ufeff") ? text.slice(1) : text;
}

export interface EncodedRows {
  readonly bytes: Uint8Array;
  readonly written: readonly Row[];
  /** Documents that a field's type refused although Elasticsearch took them, and the first reason. */
  readonly refused: number;
  readonly reason: string;
}

export function encodeRows(layout: Layout, sharding: Sharding, rows: readonly ParsedRow[], sizeHint: number): EncodedRows {
  const out = new RowBinaryWriter(Math.max(sizeHint, 4096));
  const written: Row[] = [];
  let refused = 0;
  let reason = "";
  for (const parsed of rows) {
    const start = out.length;
    try {
      writeRow(out, layout, sharding, parsed);
      written.push(parsed.row);
    } catch (error) {
      if (!(error instanceof MalformedValue || error instanceof TypeError || error instanceof RangeError)) throw error;
      out.truncate(start);
      refused += 1;
      reason ||= `document ${parsed.row.id} has a value that can't be mirrored: ${error.message}`;
    }
  }
  return { bytes: out.bytes(), written, refused, reason };
}

function writeRow(out: RowBinaryWriter, layout: Layout, sharding: Sharding, { row, document }: ParsedRow): void {
  out.text(row.id);
  out.raw(row.source ?? NO_BYTES);
  out.text(row.routing);
  out.int(shardOf(row.routing === "" ? row.id : row.routing, sharding), 2);
  out.safeInt64(row.place.seqNo);
  out.int(row.place.primaryTerm, 4);
  out.int64(row.place.version);
  out.int(row.source === null ? 1 : 0, 1);
  if (document === null) layout.writeAbsent(out);
  else layout.writeFields(out, document);
}
