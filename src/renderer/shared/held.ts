// What a shared file holds, read from the page itself. Records are plain data that Parallax wrote; bodies in them are text, so no
// number of theirs is read here.
import type { BodySide } from "../../shared/contract.ts";
import type { ExchangeDetail } from "../../shared/exchange.ts";
import type { ExchangeProfile } from "../../shared/exchange_profile.ts";
import type { SharedAnswers } from "../../shared/share.ts";

export interface HeldBody {
  readonly text: string;
  readonly encoding: "utf8" | "base64";
}

export interface HeldExchange {
  readonly detail: ExchangeDetail;
  readonly bodies: Readonly<Partial<Record<BodySide, HeldBody>>>;
  readonly profile: ExchangeProfile;
}

export interface Held {
  readonly about: SharedAnswers;
  /** Newest first. */
  readonly exchanges: readonly HeldExchange[];
}

/** Reads the page's blocks of data, and takes them out of the page. Throws where it is no shared file. */
export function readHeld(page: Document): Held {
  const take = <T>(name: string): readonly T[] =>
    [...page.querySelectorAll(`script[data-of="${name}"]`)].map((block) => {
      const value: T = JSON.parse(block.textContent ?? "null");
      block.remove();
      return value;
    });
  const [about] = take<SharedAnswers>("shared");
  if (about === undefined) throw new Error("This page holds no shared exchanges.");
  return { about, exchanges: take<HeldExchange>("exchange").toReversed() };
}
