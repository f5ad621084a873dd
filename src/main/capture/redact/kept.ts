// One exchange as it is kept, with its bodies, read to be handed on.
import type { BodySide } from "../../../shared/contract.ts";
import type { ExchangeDetail, HeaderPairs } from "../../../shared/exchange.ts";
import type { Session } from "../session.ts";

export const SIDES: readonly BodySide[] = ["request", "elasticsearch", "clickhouse", "sent", "given"];

export interface KeptBody {
  /** As it was sent, content coding kept. */
  readonly raw: Uint8Array;
  /** The same with its content coding undone. */
  readonly decoded: Uint8Array;
}

export interface KeptExchange {
  readonly detail: ExchangeDetail;
  readonly bodies: Readonly<Partial<Record<BodySide, KeptBody>>>;
}

/** null where it is gone. ClickHouse's answer to a search is in its parts. */
export function keptExchange(session: Session, id: number): KeptExchange | null {
  const detail = session.get(id);
  if (detail === null) return null;
  const sides = SIDES.filter((side) => side !== "clickhouse" || detail.searches.length === 0);
  const bodies = sides.flatMap((side) => {
    const raw = session.rawBody(id, side);
    return raw === null ? [] : [[side, { raw, decoded: session.decodedBody(id, side) ?? raw }] as const];
  });
  return { detail, bodies: Object.fromEntries(bodies) };
}

/** Headers of the message that a body belongs to. */
export function headersOf(detail: ExchangeDetail, side: BodySide): HeaderPairs {
  switch (side) {
    case "request":
      return detail.request.headers;
    case "sent":
      return detail.request.sent?.headers ?? [];
    case "given":
      return detail.response?.given?.headers ?? [];
    case "elasticsearch":
      return detail.response?.headers ?? [];
    case "clickhouse":
      return [];
  }
}
