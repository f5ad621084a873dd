// The generated documents and their dashboards.
import { overTime, type Subject, top } from "./subject.ts";

const logs: Subject = {
  kind: "logs",
  timeField: "@timestamp",
  dashboard: "shop-logs",
  panels: [
    {
      title: "Requests by status",
      type: "lnsXY",
      aggs: (span) => ({ 0: overTime("@timestamp", span, { 1: top("http.response.status_code", 5) }) }),
    },
    { title: "Bytes sent", type: "lnsMetric", aggs: () => ({ 0: { sum: { field: "http.response.body.bytes" } } }) },
    {
      title: "Share of errors",
      type: "lnsXY",
      aggs: (span) => ({
        0: overTime("@timestamp", span, {
          1: { filter: { range: { "http.response.status_code": { gte: 500 } } } },
          2: { filter: { exists: { field: "http.response.status_code" } } },
        }),
      }),
    },
    {
      title: "Slowest paths",
      type: "lnsDatatable",
      aggs: () => ({
        0: top("url.path", 10, {
          1: { avg: { field: "event.duration" } },
          2: { percentiles: { field: "event.duration", percents: [95] } },
        }),
      }),
    },
    {
      title: "Visitors by country",
      type: "lnsPie",
      aggs: () => ({ 0: top("client.geo.country_iso_code", 8, { 1: { cardinality: { field: "client.ip" } } }, "1") }),
    },
    {
      title: "Where visitors are",
      type: "map",
      aggs: () => ({ grid: { geotile_grid: { field: "client.geo.location", precision: 4, size: 1000 } } }),
    },
    { title: "Log levels by service", type: "lnsHeatmap", aggs: () => ({ 0: top("service.name", 7, { 1: top("log.level", 5) }) }) },
    { title: "Kinds of errors", type: "lnsPie", aggs: () => ({ 0: top("error.type", 5) }) },
  ],
  filters: [
    { field: "service.name", values: ["storefront", "payments", "catalogue"] },
    { field: "http.response.status_code", values: [200, 404, 503] },
    { field: "client.geo.country_iso_code", values: ["JP", "IN", "BR", "DE"] },
    { field: "log.level", values: ["error", "warn", "info"] },
  ],
  words: ["timed out", "kettle", "Größe", "stock OR slots", "注文"],
};

const devices: Subject = {
  kind: "devices",
  timeField: "@timestamp",
  dashboard: "fleet",
  panels: [
    { title: "States over time", type: "lnsXY", aggs: (span) => ({ 0: overTime("@timestamp", span, { 1: top("state", 5) }) }) },
    {
      title: "Battery",
      type: "lnsXY",
      aggs: (span) => ({
        0: overTime("@timestamp", span, { 1: { min: { field: "battery.percent" } }, 2: { avg: { field: "battery.percent" } } }),
      }),
    },
    { title: "Devices seen", type: "lnsMetric", aggs: () => ({ 0: { cardinality: { field: "device.id" } } }) },
    { title: "Temperatures", type: "lnsXY", aggs: () => ({ 0: { histogram: { field: "temperature", interval: 2, min_doc_count: 1 } } }) },
    {
      title: "Hottest devices",
      type: "lnsDatatable",
      aggs: () => ({ 0: top("device.id", 10, { 1: { max: { field: "temperature" } }, 2: { max: { field: "odometer" } } }, "1") }),
    },
    {
      title: "Where they are",
      type: "map",
      aggs: () => ({
        grid: { geotile_grid: { field: "location", precision: 6, size: 1000 }, aggs: { centre: { geo_centroid: { field: "location" } } } },
      }),
    },
    { title: "Errors by model", type: "lnsPie", aggs: () => ({ 0: top("device.model", 5, { 1: top("errors", 5) }) }) },
  ],
  filters: [
    { field: "state", values: ["driving", "charging", "error"] },
    { field: "city", values: ["Tokyo", "Zürich", "São Paulo"] },
    { field: "device.model", values: ["courier-2", "tug-1"] },
  ],
  words: ["E-GPS", "courier-3", "state:error"],
};

const orders: Subject = {
  kind: "orders",
  timeField: "order_date",
  dashboard: "revenue",
  panels: [
    {
      title: "Revenue by category",
      type: "lnsXY",
      aggs: (span) => ({
        0: overTime("order_date", span, { 1: top("category", 5, { 2: { sum: { field: "taxful_total_price" } } }, "2") }),
      }),
    },
    { title: "Average order", type: "lnsMetric", aggs: () => ({ 0: { avg: { field: "taxful_total_price" } } }) },
    { title: "Median order", type: "lnsMetric", aggs: () => ({ 0: { percentiles: { field: "taxful_total_price", percents: [50] } } }) },
    {
      title: "Best customers",
      type: "lnsDatatable",
      aggs: () => ({
        0: top("customer.id", 10, { 1: { sum: { field: "taxful_total_price" } }, 2: { value_count: { field: "order_id" } } }, "1"),
      }),
    },
    {
      title: "Products sold",
      type: "lnsDatatable",
      aggs: () => ({
        items: {
          nested: { path: "items" },
          aggs: { products: top("items.product.keyword", 10, { pieces: { sum: { field: "items.quantity" } } }, "pieces") },
        },
      }),
    },
    { title: "Weekdays", type: "lnsHeatmap", aggs: () => ({ 0: top("day_of_week", 7, { 1: top("status", 5) }) }) },
    {
      title: "Growing total",
      type: "lnsXY",
      aggs: (span) => ({
        0: overTime("order_date", span, { 1: { sum: { field: "total_quantity" } }, 2: { cumulative_sum: { buckets_path: "1" } } }, 0),
      }),
    },
  ],
  filters: [
    { field: "category", values: ["Coffee", "Tea", "Accessories"] },
    { field: "status", values: ["delivered", "returned"] },
    { field: "geo.country_iso_code", values: ["JP", "US", "FR"] },
  ],
  words: ["door", "Müller", "gift:true"],
};

const makelogs: Subject = {
  kind: "makelogs",
  timeField: "@timestamp",
  dashboard: "makelogs",
  panels: [
    { title: "Responses", type: "lnsXY", aggs: (span) => ({ 0: overTime("@timestamp", span, { 1: top("response.raw", 3) }) }) },
    { title: "Bytes by extension", type: "lnsPie", aggs: () => ({ 0: top("extension.raw", 5, { 1: { sum: { field: "bytes" } } }, "1") }) },
    { title: "Machines", type: "lnsDatatable", aggs: () => ({ 0: top("machine.os.raw", 5, { 1: { avg: { field: "machine.ram" } } }) }) },
    {
      title: "Memory of PHP",
      type: "lnsXY",
      aggs: (span) => ({ 0: overTime("@timestamp", span, { 1: { max: { field: "phpmemory" } } }) }),
    },
    { title: "From where to where", type: "lnsHeatmap", aggs: () => ({ 0: top("geo.src", 8, { 1: top("geo.dest", 8) }) }) },
  ],
  filters: [
    { field: "response.raw", values: ["200", "404", "503"] },
    { field: "extension.raw", values: ["jpg", "php"] },
  ],
  words: ["uploads", "Mozilla", "response:503"],
};

export const SUBJECTS: readonly Subject[] = [logs, devices, orders, makelogs];
