// Cities that visitors, customers and devices are in, those with the most people first.

export interface City {
  readonly name: string;
  /** ISO 3166. */
  readonly country: string;
  readonly lat: number;
  readonly lon: number;
}

export const CITIES: readonly [City, ...City[]] = [
  { name: "Tokyo", country: "JP", lat: 35.69, lon: 139.69 },
  { name: "Delhi", country: "IN", lat: 28.61, lon: 77.21 },
  { name: "São Paulo", country: "BR", lat: -23.55, lon: -46.63 },
  { name: "México", country: "MX", lat: 19.43, lon: -99.13 },
  { name: "New York", country: "US", lat: 40.71, lon: -74.01 },
  { name: "London", country: "GB", lat: 51.51, lon: -0.13 },
  { name: "Paris", country: "FR", lat: 48.86, lon: 2.35 },
  { name: "Lagos", country: "NG", lat: 6.46, lon: 3.39 },
  { name: "İstanbul", country: "TR", lat: 41.01, lon: 28.98 },
  { name: "Berlin", country: "DE", lat: 52.52, lon: 13.41 },
  { name: "Toronto", country: "CA", lat: 43.65, lon: -79.38 },
  { name: "Sydney", country: "AU", lat: -33.87, lon: 151.21 },
  { name: "Warszawa", country: "PL", lat: 52.23, lon: 21.01 },
  { name: "Zürich", country: "CH", lat: 47.37, lon: 8.54 },
  { name: "Suva", country: "FJ", lat: -18.14, lon: 178.44 },
  { name: "Reykjavík", country: "IS", lat: 64.15, lon: -21.94 },
];
