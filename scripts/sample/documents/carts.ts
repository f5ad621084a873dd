// `carts`: documents that live: made, changed in part, overwritten, deleted; some of it fails, as it does.
import type { JsonValue } from "../../../src/shared/json.ts";
import type { Random } from "../random.ts";
import { type BulkItem, boolean, type DocumentSource, date, double, integer, keyword, object, text } from "../source.ts";
import { WEB_HOURS, WEB_START } from "./web_access.ts";

const CARTS = 1200;
const CHANGES = 1000;

export function carts(random: Random): DocumentSource {
  const made = Array.from({ length: CARTS }, (_, number) => creation(random, number));
  const items: BulkItem[] = [];
  // Changes follow what they change, from the first third on.
  made.forEach((item, number) => {
    items.push(item);
    if (number > CARTS / 3)
      for (let left = CHANGES / CARTS; random.chance(left); left -= 0.6) items.push(change(random, random.integer(0, number)));
  });
  for (let number = 0; number < 200; number += 1) items.push(change(random, random.integer(0, CARTS + 30)));
  return {
    index: "carts",
    creation: {
      settings: { number_of_shards: 1, number_of_replicas: 0 },
      mappings: {
        dynamic: "strict",
        properties: {
          opened: date,
          changed: date,
          state: keyword,
          customer: object({ name: keyword, loyal: boolean }),
          lines: object({ sku: keyword, quantity: integer, price: double }),
          total: double,
          note: text,
          coupon: keyword,
        },
      },
    },
    bulkSize: 300,
    items,
  };
}

function momentOf(number: number): number {
  return WEB_START + Math.round((number / CARTS) * WEB_HOURS * 3_600_000);
}

function creation(random: Random, number: number): BulkItem {
  const lines = Array.from({ length: random.integer(1, 4) }, () => ({
    sku: `SKU-${random.integer(100, 160)}`,
    quantity: random.integer(1, 3),
    price: random.integer(100, 9999) / 100,
  }));
  const document: JsonValue = {
    opened: new Date(momentOf(number)).toISOString(),
    state: "open",
    customer: { name: random.pick(["Anna Nilsson", "Zoë Müller", "José García", "李雷", "Søren Ström"]), loyal: random.chance(0.3) },
    lines,
    total: Math.round(lines.reduce((sum, line) => sum + line.quantity * line.price, 0) * 100) / 100,
    ...(random.chance(0.2) ? { note: random.pick(["please gift-wrap", "leave at the door", "call before delivery ☎"]) } : {}),
    // A word where a number belongs: Elasticsearch refuses such a document.
    ...(random.chance(0.004) ? { total: "twelve" } : {}),
  };
  return { action: random.chance(0.9) ? "index" : "create", meta: { _id: `cart-${number}` }, document };
}

function change(random: Random, number: number): BulkItem {
  const meta = { _id: `cart-${number}` };
  const changed = new Date(momentOf(number) + random.integer(60_000, 7_200_000)).toISOString();
  const kind = random.weighted([
    ["pay", 6],
    ["coupon", 3],
    ["delete", 2],
    ["again", 1],
    ["same", 1],
    ["upsert", 1],
  ]);
  if (kind === "delete") return { action: "delete", meta };
  if (kind === "again") return { ...creation(random, number), action: random.chance(0.5) ? "create" : "index" };
  if (kind === "same") return { action: "update", meta, document: { doc: { state: "open" } } };
  if (kind === "coupon")
    return { action: "update", meta, document: { doc: { coupon: random.pick<JsonValue>(["SPRING", ["SPRING", "VIP"], null]), changed } } };
  if (kind === "upsert") return { action: "update", meta, document: { doc: { state: "abandoned", changed }, doc_as_upsert: true } };
  return { action: "update", meta, document: { doc: { state: random.pick(["paid", "paid", "shipped"]), changed } } };
}
