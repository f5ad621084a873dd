// HAR 1.2, the parts that are written and read here: http://www.softwareishard.com/blog/har-12-spec/. What the format has no place for
// stands in members that begin with `_`, as it asks.
import type { ExchangeDetail, HttpMessage } from "../../../shared/exchange.ts";

interface NameValue {
  readonly name: string;
  readonly value: string;
}

interface HarMessage {
  readonly httpVersion: string;
  readonly cookies: readonly NameValue[];
  readonly headers: readonly NameValue[];
  /** -1: not known. */
  readonly headersSize: number;
  readonly bodySize: number;
}

export interface HarText {
  readonly text: string;
  /** Absent: the text is the body. */
  readonly encoding?: "base64";
}

export interface HarEntry {
  /** ISO 8601. */
  readonly startedDateTime: string;
  /** Milliseconds. */
  readonly time: number;
  readonly request: HarMessage & {
    readonly method: string;
    readonly url: string;
    readonly queryString: readonly NameValue[];
    readonly postData?: { readonly mimeType: string; readonly text: string; readonly _encoding?: "base64" };
  };
  readonly response: HarMessage & {
    readonly status: number;
    readonly statusText: string;
    readonly content: Partial<HarText> & { readonly size: number; readonly mimeType: string };
    readonly redirectURL: string;
    readonly _error?: string;
  };
  readonly cache: Readonly<Record<string, never>>;
  readonly timings: { readonly send: number; readonly wait: number; readonly receive: number };
  readonly comment?: string;
  readonly _parallax: PairData;
}

/** The exchange as it was captured, but for headers and bodies, which stand in the entry itself. */
export interface PairData {
  readonly format: 1;
  readonly exchange: Omit<ExchangeDetail, "request" | "response"> & {
    readonly request: Omit<HttpMessage, "headers">;
    readonly response: (Omit<HttpMessage, "headers"> & { readonly reason: string }) | null;
  };
  /** ClickHouse's answer where it is no search's. */
  readonly clickhouse?: HarText;
  /** The request's body as it went on and the answer's as Elasticsearch gave it, content coding kept, where they are not the client's. */
  readonly sent?: HarText;
  readonly given?: HarText;
}
