// How fine the cells of a grid are: a level, or for geohashes the size of a cell as a distance.
import { isNumber } from "../../../shared/json.ts";
import { RejectedRequest } from "../failure.ts";
import { parseDistance } from "../geo/distance.ts";
import type { Parameters } from "./parameters.ts";

export interface Levels {
  readonly least: number;
  readonly most: number;
  readonly usual: number;
  /** True where a distance stands for the level of cells of that size. */
  readonly distances: boolean;
}

const EQUATOR = 2 * Math.PI * 6_378_137;
const POLAR_DISTANCE = Math.PI * 6_356_752.314245;

/** Reads `precision`. */
export function precisionOf(parameters: Parameters, { least, most, usual, distances }: Levels): number {
  const value = parameters.value("precision");
  if (value === undefined) return usual;
  const number = isNumber(value) || typeof value === "string" ? Number(value) : Number.NaN;
  const precision = Number.isNaN(number) && distances && typeof value === "string" ? levelOf(parseDistance(value, "m")) : number;
  if (Number.isNaN(precision)) throw parameters.malformed("precision", "a number");
  if (!Number.isInteger(precision) || precision < least || precision > most) {
    const { type } = parameters.node;
    const reason = `Invalid ${type} aggregation precision of ${precision}. Must be between ${least} and ${most}.`;
    throw new RejectedRequest("illegal_argument_exception", reason);
  }
  return precision;
}

/** The geohash level whose cells are about so many metres wide, as Elasticsearch works it out. */
function levelOf(metres: number): number {
  if (metres === 0) return 12;
  const ratio = 1 + POLAR_DISTANCE / EQUATOR;
  const part = Math.ceil(EQUATOR / Math.sqrt((metres * metres) / (ratio * ratio)));
  if (part === 1) return 1;
  const bits = Math.floor(Math.log(part) / Math.LN2 + 0.5);
  const full = Math.floor(bits / 5);
  const left = bits - full * 5;
  return full * 2 + (left > 0 ? 1 : 0) + (left > 3 ? 1 : 0);
}
