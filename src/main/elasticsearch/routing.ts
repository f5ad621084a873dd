// Which shard a document is on: murmur3 (x86, 32 bits, seed 0) of the routing value's UTF-16LE bytes, as Elasticsearch computes
// it for indices without a routing partition. Pure.

/** How documents are spread over shards. */
export interface Sharding {
  readonly shards: number;
  /** A multiple of `shards` in which the hash is placed first, so that an index can be split; without it in `shards` themselves. */
  readonly routingShards?: number;
}

const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

/** The shard of a document by its `_routing`, or by its `_id` where it has none. */
export function shardOf(routingOrId: string, { shards, routingShards = shards }: Sharding): number {
  if (shards === 1) return 0;
  // Never -0, which is no number of a shard to ClickHouse.
  const place = ((murmur3(routingOrId) % routingShards) + routingShards) % routingShards;
  return Math.floor(place / (routingShards / shards));
}

/** The first version of an index that has no routing shards: those of Elasticsearch 9.4. OpenSearch numbers its own from 2^27 up. */
const WITHOUT_ROUTING_SHARDS = 9_064_000;
const OPENSEARCH = 2 ** 27;
const MOST_SPLITS = 10;

/** The routing shards of an index by the version that created it (`index.version.created`); `set` is `number_of_routing_shards`. */
export function routingShardsOf(created: number, shards: number, set: number | undefined): number | undefined {
  if (Number.isNaN(created) || (created >= WITHOUT_ROUTING_SHARDS && created < OPENSEARCH)) return undefined;
  const splits = Math.max(1, MOST_SPLITS - Math.ceil(Math.log2(shards)));
  return set ?? shards * 2 ** splits;
}

/** Signed 32-bit hash of the text's UTF-16LE bytes. */
export function murmur3(text: string): number {
  const whole = text.length & ~1;
  let hash = 0;
  for (let i = 0; i < whole; i += 2) {
    hash ^= scramble(text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16));
    hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64;
  }
  if (whole < text.length) hash ^= scramble(text.charCodeAt(whole));
  return finish(hash ^ (text.length * 2));
}

function scramble(block: number): number {
  const mixed = Math.imul(block, C1);
  return Math.imul((mixed << 15) | (mixed >>> 17), C2);
}

function finish(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
