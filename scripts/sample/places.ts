// Where the made-up clients of the web and application logs are. Positions are those of the cities, to two decimals.

export interface Place {
  readonly city: string;
  readonly country: string;
  readonly continent: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly weight: number;
}

const place = (city: string, country: string, continent: string, latitude: number, longitude: number, weight: number): Place => ({
  city,
  country,
  continent,
  latitude,
  longitude,
  weight,
});

export const PLACES: readonly Place[] = [
  place("Berlin", "DE", "Europe", 52.52, 13.4, 14),
  place("Zürich", "CH", "Europe", 47.37, 8.54, 6),
  place("Paris", "FR", "Europe", 48.86, 2.35, 9),
  place("København", "DK", "Europe", 55.68, 12.57, 4),
  place("Kraków", "PL", "Europe", 50.06, 19.94, 5),
  place("Αθήνα", "GR", "Europe", 37.98, 23.73, 2),
  place("London", "GB", "Europe", 51.51, -0.13, 10),
  place("New York", "US", "North America", 40.71, -74.01, 13),
  place("San José", "US", "North America", 37.34, -121.89, 8),
  place("Ciudad de México", "MX", "North America", 19.43, -99.13, 4),
  place("São Paulo", "BR", "South America", -23.55, -46.63, 6),
  place("Bogotá", "CO", "South America", 4.71, -74.07, 2),
  place("Lagos", "NG", "Africa", 6.52, 3.38, 3),
  place("Nairobi", "KE", "Africa", -1.29, 36.82, 2),
  place("東京", "JP", "Asia", 35.68, 139.69, 8),
  place("서울", "KR", "Asia", 37.57, 126.98, 4),
  place("北京", "CN", "Asia", 39.9, 116.41, 3),
  place("Mumbai", "IN", "Asia", 19.08, 72.88, 7),
  place("Sydney", "AU", "Oceania", -33.87, 151.21, 4),
  place("Suva", "FJ", "Oceania", -18.14, 178.44, 1),
];
