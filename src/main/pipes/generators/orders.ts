// `orders`: what customers bought, as documents with nested items.
import { BOOLEAN, DATE, DOUBLE, fields, GEO_POINT, type GeneratorKind, INTEGER, isoTime, KEYWORD, rounded, TEXT } from "./kind.ts";
import { CITIES } from "./places.ts";
import { type Random, randomOf } from "./random.ts";

interface Product {
  readonly name: string;
  readonly category: string;
  /** In cents. */
  readonly price: number;
}

const PRODUCTS: readonly [Product, ...Product[]] = [
  { name: "Espresso machine", category: "Coffee", price: 24_900 },
  { name: "Kettle", category: "Tea", price: 3_950 },
  { name: "Coffee beans 1 kg", category: "Coffee", price: 1_899 },
  { name: "Sencha 緑茶", category: "Tea", price: 1_250 },
  { name: "Milk jug", category: "Accessories", price: 1_490 },
  { name: "Teekanne für 4", category: "Tea", price: 4_490 },
  { name: "Grinder", category: "Coffee", price: 8_900 },
  { name: "Cups, set of 6", category: "Accessories", price: 2_990 },
  { name: "Descaler", category: "Accessories", price: 990 },
  { name: "Filter papers", category: "Coffee", price: 399 },
];
const CUSTOMERS = 3_000;

export const orders: GeneratorKind = {
  name: "orders",
  title: "Orders of a shop",
  index: "shop-orders",
  mappings: {
    properties: {
      order_date: DATE,
      order_id: KEYWORD,
      customer: fields({ id: KEYWORD, name: { type: "text", fields: { keyword: KEYWORD } }, since: DATE }),
      status: KEYWORD,
      currency: KEYWORD,
      category: KEYWORD,
      day_of_week: KEYWORD,
      total_quantity: INTEGER,
      taxful_total_price: DOUBLE,
      discount: DOUBLE,
      gift: BOOLEAN,
      note: TEXT,
      geo: fields({ city_name: KEYWORD, country_iso_code: KEYWORD, location: GEO_POINT }),
      items: {
        type: "nested",
        properties: { product: { type: "text", fields: { keyword: KEYWORD } }, category: KEYWORD, quantity: INTEGER, price: DOUBLE },
      },
    },
  },
  document: (number, time, seed) => {
    const random = randomOf(seed, number);
    const customer = Math.floor(random.next() ** 2 * CUSTOMERS);
    const items = Array.from({ length: 1 + Math.floor(random.next() ** 3 * 5) }, () => itemOf(random));
    const cents = items.reduce((sum, item) => sum + item.cents, 0);
    const discount = random.chance(0.2) ? random.pick([0.05, 0.1, 0.15]) : 0;
    const city = random.skewed(CITIES);
    return {
      order_date: isoTime(time),
      order_id: `${seed}-${number}`,
      customer: {
        id: `c${customer}`,
        name: customerName(randomOf(seed, customer, 1)),
        since: isoTime(1_500_000_000_000 + customer * 86_400_000),
      },
      status: random.skewed(["delivered", "shipped", "placed", "returned", "cancelled"]),
      currency: "EUR",
      category: [...new Set(items.map(({ item }) => item.category))],
      day_of_week: DAYS[new Date(time).getUTCDay()] ?? "",
      total_quantity: items.reduce((sum, { item }) => sum + item.quantity, 0),
      taxful_total_price: rounded((cents * (1 - discount)) / 100, 2),
      ...(discount === 0 ? {} : { discount }),
      gift: random.chance(0.08),
      ...(random.chance(0.15) ? { note: random.skewed(NOTES) } : {}),
      geo: { city_name: city.name, country_iso_code: city.country, location: { lat: city.lat, lon: city.lon } },
      items: items.map(({ item }) => item),
    };
  },
};

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const NOTES: readonly [string, ...string[]] = [
  "Please ring twice",
  "Bitte beim Nachbarn abgeben",
  "Leave at the door\nThe dog is friendly",
  "ギフト包装でお願いします",
];

function itemOf(random: Random) {
  const { name, category, price } = random.skewed(PRODUCTS);
  const quantity = 1 + Math.floor(random.next() ** 4 * 6);
  return { cents: price * quantity, item: { product: name, category, quantity, price: price / 100 } };
}

function customerName(own: Random): string {
  const first = own.pick(["Ada", "Łukasz", "Chiara", "Mehmet", "Ngozi", "Søren", "Yuki", "Zoë", "José", "Priya"]);
  return `${first} ${own.pick(["Nowak", "Okafor", "Müller", "Tanaka", "Rossi", "Yılmaz", "Singh", "Jensen", "García", "O'Brien"])}`;
}
