// Why a request whose head is well formed is not let through, whoever would answer it.
import type { Wish } from "./asks.ts";
import { badGateway, malformed, type Refusal } from "./refusal.ts";
import type { Site } from "./site.ts";
import { isLoop, type Upstream } from "./upstream.ts";

/** What the wire knows of the request beside its head. */
export interface Circumstances {
  readonly wish: Wish;
  /** It asks for another protocol. */
  readonly upgrades: boolean;
  /** Where it would go. */
  readonly upstream: Upstream;
  /** Where the requests before it went that have no answer yet; null without any. */
  readonly busy: Upstream | null;
}

/** Null when there is nothing against it. */
export function objectionTo({ port, forwards }: Site, { wish, upgrades, upstream, busy }: Circumstances): Refusal | null {
  if (isLoop(upstream, port)) {
    return badGateway(`Elasticsearch's address, ${upstream.label}, is this proxy itself. Point Parallax at Elasticsearch's own port.`);
  }
  if (forwards === true && busy !== null && busy !== upstream) {
    return malformed("A request to another server was sent before the answer to the one before it was there.");
  }
  if (wish === "profiled" && upgrades) {
    return malformed("A request for another protocol has no profile: leave out the header PARALLAX-API-PROFILER.");
  }
  return wish === "refused" ? malformed("The header x-parallax-backend names none of elasticsearch, clickhouse, compare.") : null;
}
