// What is handed on: which exchanges, as which file, and what is taken out of them before. Plain data.

export const SHARE_FORMATS = ["html", "session", "har"] as const;
export type ShareFormat = (typeof SHARE_FORMATS)[number];
export const SHARE_ENDINGS: Readonly<Record<ShareFormat, string>> = { html: ".html", session: ".parallax", har: ".har" };

/** What looks like a secret in a body or an address. The first three are taken out of all that is handed on. */
export const SECRET_KINDS = ["credentials", "url_password", "private_key", "password", "api_key", "token", "email", "base64"] as const;
export type SecretKind = (typeof SECRET_KINDS)[number];
export const ALWAYS_REDACTED: readonly SecretKind[] = ["credentials", "url_password", "private_key"];

/** What is taken out beside what no file ever holds. Lists are of names; all may be absent. */
export interface RedactionChoices {
  /** Names of headers, without regard to case. */
  readonly headers?: readonly string[];
  /** Fields of documents by name (`email`) or path (`user.email`), with all that is below: in requests, answers and parameters of statements. */
  readonly fields?: readonly string[];
  /** Names of query parameters. */
  readonly parameters?: readonly string[];
  readonly secrets?: readonly SecretKind[];
  /** Bodies that are left out as a whole, with the values that were read from them. */
  readonly bodies?: readonly ("request" | "answers")[];
  /** Addresses of clients. */
  readonly addresses?: boolean;
  /** Names of hosts in headers. */
  readonly hosts?: boolean;
}

/** Exchanges of the session that is shown, by number or by filter (absent: all), between two times (epoch ms), or one kept profile. */
export interface ShareOf {
  readonly ids?: readonly number[];
  readonly filter?: string;
  readonly since?: number;
  readonly until?: number;
  readonly profile?: string;
}

/** A piece of a text; `redacted` where it does not leave: what stands there instead. */
export interface SharePiece {
  readonly text: string;
  readonly redacted?: string;
}

export interface ShareText {
  readonly name: "path" | "headers" | "request" | "answer headers" | "elasticsearch" | "clickhouse" | "parameters" | "differences";
  readonly pieces: readonly SharePiece[];
  /** The text goes on. */
  readonly cut: boolean;
}

/** So many places of a kind, and one of them named. */
export interface SharePlaces {
  readonly name: string;
  readonly places: number;
}

export interface SharePreview {
  readonly exchanges: number;
  /** Bytes of their bodies, as far as they were looked at. */
  readonly bytes: number;
  /** Exchanges that were looked at: at most so many, the newest; figures are of these. */
  readonly examined: number;
  /** Headers, parameters and URLs whose secrets the session never had. */
  readonly already: readonly SharePlaces[];
  /** How many places each choice takes out: `header NAME`, `field NAME`, `parameter NAME`, `secret KIND`, `body SIDE`, `addresses`, `hosts`. */
  readonly chosen: readonly SharePlaces[];
  /** What there is to choose from. */
  readonly headers: readonly SharePlaces[];
  readonly parameters: readonly SharePlaces[];
  readonly fields: readonly SharePlaces[];
  /** What looks like a secret and would leave; `where` is a place of it. */
  readonly warnings: readonly { readonly kind: SecretKind; readonly places: number; readonly where: string }[];
  /** One exchange before and after; null where there is none. */
  readonly example: { readonly id: number; readonly texts: readonly ShareText[] } | null;
  /** Why the HTML can't hold it; "" when it can. */
  readonly tooLarge: string;
}

export interface ShareState {
  readonly state: "none" | "writing" | "done" | "failed" | "stopped";
  readonly format: ShareFormat;
  readonly done: number;
  readonly total: number;
  /** Where it is, once it is done. */
  readonly file: string;
  readonly bytes: number;
  /** Why it failed. */
  readonly problem: string;
}

/** Where a shared page opens. */
export const SHARE_STARTS = ["traffic", "compare"] as const;
export type ShareStart = (typeof SHARE_STARTS)[number];

/** What a shared page holds beside the exchanges. */
export interface SharedAnswers {
  readonly title: string;
  readonly created: string;
  readonly version: string;
  /** Where it opens. */
  readonly start: ShareStart;
  /** Answers of the contract, by `heldKey`. */
  readonly answers: Readonly<Record<string, unknown>>;
}

/** By what a shared page finds an answer: whatever the order of its members, and how many were asked for, it is the same request. */
export function heldKey(name: string, request: object): string {
  const members = Object.entries(request).filter(([member, value]) => value !== undefined && member !== "limit");
  return `${name} ${JSON.stringify(Object.fromEntries(members.toSorted(([a], [b]) => (a < b ? -1 : 1))))}`;
}

/** Bodies of the HTML, at most. */
export const LARGEST_PAGE = 64 * 1024 * 1024;
