// What Kibana would call data views: the sample's indices and which of their fields are good for what.

export interface KibanaView {
  readonly index: string;
  /** Id of the saved object, as it shows in X-Opaque-Id. */
  readonly id: string;
  readonly timeField: string;
  readonly dateFields: readonly string[];
  /** Fields to split by. */
  readonly facets: readonly string[];
  /** Fields of many values: for tag clouds, top lists and unique counts. */
  readonly wide: readonly string[];
  readonly measures: readonly string[];
  /** Field and width of a numeric histogram. */
  readonly histogram: readonly [field: string, interval: number];
  readonly ranges: readonly [field: string, bounds: readonly number[]];
  readonly location?: string;
  /** KQL that people type: field and value; without a field it is free text. */
  readonly questions: readonly (readonly [field: string, value: string | number | boolean])[];
  readonly words: readonly string[];
  readonly textField: string;
  /** Longest stretch of time, ISO. */
  readonly from: string;
  readonly to: string;
}

const LOG_DAYS = { from: "2026-03-27T22:00:00.000Z", to: "2026-03-30T22:00:00.000Z" } as const;

export const WEB: KibanaView = {
  index: "web-access",
  id: "2c5d1a30-9f0e-4d5a-8b43-5f2a1c0a7f11",
  timeField: "@timestamp",
  dateFields: ["@timestamp"],
  facets: [
    "http.response.status_code",
    "url.path",
    "host.name",
    "source.geo.country_iso_code",
    "user_agent.name",
    "user_agent.os.name",
    "service.name",
    "tags",
    "http.request.method",
    "event.outcome",
    "tls.established",
  ],
  wide: ["source.ip", "url.original.keyword", "source.geo.city_name", "user_agent.original.keyword"],
  measures: ["http.response.body.bytes", "response_time", "event.duration"],
  histogram: ["http.response.body.bytes", 5000],
  ranges: ["response_time", [0, 0.05, 0.1, 0.5, 2]],
  location: "source.geo.location",
  questions: [
    ["http.response.status_code", 404],
    ["url.path", "/search"],
    ["tags", "alert"],
    ["source.geo.country_iso_code", "DE"],
    ["user.name", "Zoë"],
    ["tls.established", false],
    ["user_agent.name", "Firefox"],
  ],
  words: ["timed out", "ExampleBot", "search", "checkout POST", "über", "503"],
  textField: "message",
  ...LOG_DAYS,
};

export const APPS: KibanaView = {
  index: "app-logs",
  id: "81f3b6a2-3c87-4e55-a4f0-0b61d0a0c5e2",
  timeField: "@timestamp",
  dateFields: ["@timestamp"],
  facets: [
    "log.level",
    "service.name",
    "host.name",
    "labels.region",
    "labels.team",
    "error.type",
    "tags",
    "service.version",
    "retries",
    "success",
    "order.currency",
  ],
  wide: ["trace.id", "customer.keyword", "log.logger", "client.ip"],
  measures: ["duration_ms", "memory_mb", "bytes", "order.total", "retries"],
  histogram: ["duration_ms", 100],
  ranges: ["order.total", [0, 20, 50, 100, 250]],
  questions: [
    ["log.level", "error"],
    ["service.name", "checkout"],
    ["labels.region", "eu-west"],
    ["error.type", "TimeoutException"],
    ["success", false],
    ["retries", 2],
    ["customer", "Zoë"],
  ],
  words: ["timeout", "connection refused", "payment accepted", "Müller", "李雷", "café table"],
  textField: "message",
  ...LOG_DAYS,
};

export const FLIGHTS: KibanaView = {
  index: "flights",
  id: "d3d7af60-4c81-11e8-b3d7-01146121b73d",
  timeField: "departure",
  dateFields: ["departure"],
  facets: ["origin.state", "destination.state", "weekday", "delayed", "remarks", "origin.code", "destination.code"],
  wide: ["route", "origin.name", "destination.city"],
  measures: ["delay_minutes", "distance_miles"],
  histogram: ["distance_miles", 250],
  ranges: ["delay_minutes", [-60, 0, 15, 60, 240]],
  location: "origin.location",
  questions: [
    ["origin.code", "DTW"],
    ["destination.state", "CA"],
    ["delayed", true],
    ["remarks", "weather"],
    ["weekday", 5],
  ],
  words: ["ORD-LAX", "weather"],
  textField: "route",
  from: "2001-01-01T00:00:00.000Z",
  to: "2001-03-31T23:59:59.999Z",
};

export const EARTHQUAKES: KibanaView = {
  index: "earthquakes",
  id: "6f0cbd5e-0a0c-4a8f-9a39-33e4b1b0d7a4",
  timeField: "time",
  dateFields: ["time", "updated"],
  facets: ["region", "network", "magnitude.type", "status", "tsunami", "products", "kind"],
  wide: ["region", "products"],
  measures: ["magnitude.value", "depth_km", "significance", "felt", "rms", "gap"],
  histogram: ["magnitude.value", 0.5],
  ranges: ["depth_km", [0, 5, 20, 70, 300]],
  location: "location",
  questions: [
    ["region", "Alaska"],
    ["status", "reviewed"],
    ["network", "ci"],
    ["place", "Castaic"],
    ["tsunami", true],
  ],
  words: ["Anchorage", "km SSW of", "Indonesia", "Volcano Hawaii"],
  textField: "place",
  from: "2018-01-30T00:00:00.000Z",
  to: "2018-02-07T23:59:59.999Z",
};

export const MOVIES: KibanaView = {
  index: "movies",
  id: "a9e6c0b8-1f0b-4ab5-9d0f-7c1d1e9f3b52",
  timeField: "released",
  dateFields: ["released"],
  facets: ["genre", "rating", "distributor", "source"],
  wide: ["director.keyword", "distributor", "title.keyword"],
  measures: ["imdb.rating", "imdb.votes", "gross.worldwide", "gross.us", "budget", "tomatoes", "minutes"],
  histogram: ["imdb.rating", 0.5],
  ranges: ["minutes", [60, 90, 120, 150, 240]],
  questions: [
    ["genre", "Comedy"],
    ["rating", "PG-13"],
    ["director", "Spielberg"],
    ["title", "star"],
    ["distributor", "Warner Bros."],
  ],
  words: ["love", "star wars", "the king", "dark night", "paris"],
  textField: "title",
  from: "1980-01-01T00:00:00.000Z",
  to: "2010-12-31T23:59:59.999Z",
};

export const CARTS: KibanaView = {
  index: "carts",
  id: "f7b0a4c1-5d0e-4c66-8a76-2e8de4f7b0c9",
  timeField: "opened",
  dateFields: ["opened", "changed"],
  facets: ["state", "customer.name", "customer.loyal", "coupon"],
  wide: ["lines.sku", "customer.name"],
  measures: ["total", "lines.quantity", "lines.price"],
  histogram: ["total", 25],
  ranges: ["total", [0, 25, 50, 100, 200]],
  questions: [
    ["state", "paid"],
    ["customer.loyal", true],
    ["coupon", "VIP"],
    ["lines.sku", "SKU-120"],
  ],
  words: ["gift wrap", "call before", "door"],
  textField: "note",
  ...LOG_DAYS,
};
