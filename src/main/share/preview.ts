// What would leave: counted over the newest exchanges, and one of them before and after.
import { setImmediate as turn } from "node:timers/promises";
import type { ExchangeDetail, HeaderPairs } from "../../shared/exchange.ts";
import {
  LARGEST_PAGE,
  type RedactionChoices,
  SECRET_KINDS,
  type SecretKind,
  type SharePiece,
  type SharePlaces,
  type SharePreview,
  type ShareText,
} from "../../shared/share.ts";
import { type Edit, inOrder, piecesOf } from "../capture/redact/edits.ts";
import { type RedactedExchange, redactedExchange } from "../capture/redact/exchange.ts";
import { type KeptExchange, keptExchange } from "../capture/redact/kept.ts";
import { type RedactionRules, redactionRules } from "../capture/redact/rules.ts";
import { secretsIn } from "../capture/redact/secrets.ts";
import { REDACTED, redactHeaders, redactTarget } from "../capture/redaction.ts";
import type { Session } from "../capture/session.ts";
import { fieldNamesIn } from "./field_names.ts";
import { tooLargeMessage } from "./shared_page.ts";

/** Looked at, at most: exchanges, and bytes of their bodies. */
const MOST_EXAMINED = 300;
const MOST_BYTES = 24 * 1024 * 1024;
const MOST_NAMES = 60;
const MOST_SHOWN = 12_000;

/** `ids` rising; `example`: which exchange to show, by default the newest that something is taken out of. */
export async function sharePreview(
  session: Session,
  ids: readonly number[],
  choices: RedactionChoices,
  example: number | undefined,
): Promise<SharePreview> {
  const rules = redactionRules(choices);
  const tally = new Tally();
  let shown: { readonly kept: KeptExchange; readonly redacted: RedactedExchange } | null = null;
  let examined = 0;
  for (const id of ids.toReversed()) {
    if (examined >= MOST_EXAMINED || tally.bytes >= MOST_BYTES) break;
    const kept = keptExchange(session, id);
    if (kept === null) continue;
    examined += 1;
    const redacted = redactedExchange(kept, rules);
    tally.add(kept, redacted, rules);
    const better = shown === null || (example === undefined && shown.redacted.places.size === 0 && redacted.places.size > 0);
    if (id === example || (better && (shown === null || shown.kept.detail.id !== example))) shown = { kept, redacted };
    if (examined % 10 === 0) await turn();
  }
  if (example !== undefined && shown?.kept.detail.id !== example && ids.includes(example)) {
    const kept = keptExchange(session, example);
    if (kept !== null) shown = { kept, redacted: redactedExchange(kept, rules) };
  }
  const expected = examined === 0 ? 0 : (tally.bytes / examined) * ids.length;
  return {
    exchanges: ids.length,
    bytes: tally.bytes,
    examined,
    already: listed(tally.already),
    chosen: listed(tally.chosen),
    headers: listed(tally.headers),
    parameters: listed(tally.parameters),
    fields: listed(tally.fields),
    warnings: SECRET_KINDS.flatMap((kind) => {
      const found = tally.warnings.get(kind);
      return found === undefined ? [] : [{ kind, ...found }];
    }),
    example: shown === null ? null : { id: shown.kept.detail.id, texts: textsOf(shown.kept, shown.redacted) },
    tooLarge: expected > LARGEST_PAGE ? tooLargeMessage(expected) : "",
  };
}

class Tally {
  bytes = 0;
  readonly already = new Map<string, number>();
  readonly chosen = new Map<string, number>();
  readonly headers = new Map<string, number>();
  readonly parameters = new Map<string, number>();
  readonly fields = new Map<string, number>();
  readonly warnings = new Map<SecretKind, { readonly places: number; readonly where: string }>();

  add(kept: KeptExchange, redacted: RedactedExchange, rules: RedactionRules): void {
    const { detail } = kept;
    for (const [by, places] of redacted.places) add(this.chosen, by, places);
    this.#heads(detail.request.headers);
    this.#heads(detail.response?.headers ?? []);
    const query = redactTarget(detail.path).split("?")[1] ?? "";
    for (const [name, value] of new URLSearchParams(query))
      add(value === REDACTED ? this.already : this.parameters, value === REDACTED ? `?${name}` : name);
    for (const part of redacted.detail.searches) this.#fieldsOf(part.clickhouse ?? "", part.body);
    for (const [side, { text, edits }] of redacted.edits) {
      this.bytes += text.length;
      this.#warn(text, edits, `${detail.method} ${detail.path.split("?")[0] ?? ""} (${side})`, rules);
      this.#fieldsOf(text, "");
    }
    this.#warn(detail.path, [], `${detail.method} ${detail.path.split("?")[0] ?? ""}`, rules);
  }

  #heads(headers: HeaderPairs): void {
    for (const [name, value] of redactHeaders(headers)) add(value.includes(REDACTED) ? this.already : this.headers, name.toLowerCase());
  }

  #fieldsOf(...texts: readonly string[]): void {
    for (const text of texts) for (const name of fieldNamesIn(text)) add(this.fields, name);
  }

  #warn(text: string, edits: readonly Edit[], where: string, rules: RedactionRules): void {
    const kinds = SECRET_KINDS.filter((kind) => !rules.secrets.includes(kind));
    for (const { kind, start, end } of secretsIn(text, kinds)) {
      if (edits.some((edit) => edit.start <= start && end <= edit.end)) continue;
      const known = this.warnings.get(kind);
      this.warnings.set(kind, { places: (known?.places ?? 0) + 1, where: known?.where ?? where });
    }
  }
}

function add(map: Map<string, number>, name: string, places = 1): void {
  map.set(name, (map.get(name) ?? 0) + places);
}

function listed(map: ReadonlyMap<string, number>): readonly SharePlaces[] {
  return [...map]
    .toSorted(([a, m], [b, n]) => n - m || a.localeCompare(b))
    .slice(0, MOST_NAMES)
    .map(([name, places]) => ({ name, places }));
}

function textsOf(kept: KeptExchange, redacted: RedactedExchange): readonly ShareText[] {
  const before = kept.detail;
  const after = redacted.detail;
  const bodies = (["request", "elasticsearch"] as const).flatMap((side) => {
    const made = redacted.edits.get(side);
    return made === undefined || made.text === "" ? [] : [shownText(side, piecesOf(made.text, inOrder(made.edits)))];
  });
  const clickhouse = before.searches.flatMap((part, i) =>
    part.clickhouse === null ? [] : [compared(part.clickhouse, after.searches[i]?.clickhouse ?? REDACTED)],
  );
  const parameters = before.searches.flatMap((part, i) =>
    part.statements.flatMap((run, j) =>
      run.params.flatMap((param, k): readonly SharePiece[] => [
        { text: `${run.name} ${param.name} ` },
        changedPiece(param.value, after.searches[i]?.statements[j]?.params[k]?.value ?? REDACTED),
        { text: "\n" },
      ]),
    ),
  );
  const differences = before.searches.flatMap((part, i) =>
    part.comparison.differences.slice(0, 50).flatMap((difference, j): readonly SharePiece[] => {
      const other = after.searches[i]?.comparison.differences[j];
      return [
        changedPiece(difference.path, other?.path ?? REDACTED),
        { text: "  " },
        changedPiece(difference.elasticsearch ?? "", other?.elasticsearch ?? ""),
        { text: "  " },
        changedPiece(difference.clickhouse ?? "", other?.clickhouse ?? ""),
        { text: "\n" },
      ];
    }),
  );
  return [
    shownText("path", [{ text: `${before.method} ` }, changedPiece(before.path, after.path)]),
    shownText("headers", headerPieces(before.request.headers, after.request.headers)),
    ...bodies,
    ...(clickhouse.length === 0 ? [] : [shownText("clickhouse", clickhouse.flat())]),
    ...(parameters.length === 0 ? [] : [shownText("parameters", parameters)]),
    ...(differences.length === 0 ? [] : [shownText("differences", differences)]),
  ];
}

function headerPieces(before: ExchangeDetail["request"]["headers"], after: ExchangeDetail["request"]["headers"]): readonly SharePiece[] {
  const left = [...after];
  return before.flatMap(([name, value]): readonly SharePiece[] => {
    const at = left.findIndex(([other]) => other === name);
    const [pair] = at < 0 ? [] : left.splice(at, 1);
    return [{ text: `${name}: ` }, changedPiece(value, pair?.[1] ?? ""), { text: "\n" }];
  });
}

// What only the parts have is compared at its ends: between them stands what goes.
function compared(before: string, after: string): readonly SharePiece[] {
  if (before === after) return [{ text: before }];
  const pieces: SharePiece[] = [];
  let [i, j] = [0, 0];
  while (i < before.length) {
    let same = 0;
    while (i + same < before.length && before[i + same] === after[j + same] && !after.startsWith(`"${REDACTED}`, j + same)) same += 1;
    if (same > 0) pieces.push({ text: before.slice(i, i + same) });
    i += same;
    j += same;
    if (i >= before.length) break;
    const close = after.indexOf("]", j);
    const end = close < 0 ? after.length : after[close + 1] === '"' ? close + 2 : close + 1;
    const next = nextPlace(before, i, after.slice(end, end + 24));
    pieces.push({ text: before.slice(i, next), redacted: after.slice(j, end) });
    i = next;
    j = end;
  }
  return pieces;
}

function nextPlace(text: string, from: number, ahead: string): number {
  for (let length = ahead.length; length > 0; length -= 8) {
    const at = text.indexOf(ahead.slice(0, length), from + 1);
    if (at >= 0) return at;
  }
  return text.length;
}

function changedPiece(before: string, after: string): SharePiece {
  return before === after ? { text: before } : { text: before, redacted: after };
}

function shownText(name: ShareText["name"], pieces: readonly SharePiece[]): ShareText {
  const shown: SharePiece[] = [];
  let length = 0;
  for (const piece of pieces) {
    const room = MOST_SHOWN - length;
    if (room <= 0) return { name, pieces: shown, cut: true };
    const text = piece.text.slice(0, room);
    shown.push(piece.redacted === undefined ? { text } : { text, redacted: piece.redacted });
    length += text.length;
  }
  return { name, pieces: shown, cut: length >= MOST_SHOWN };
}
