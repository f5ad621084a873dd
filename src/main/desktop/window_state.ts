// Where the window was, kept in `window.json` of the data folder.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isObject, type JsonValue, member, parseJson } from "../../shared/json.ts";
import { replaceFile } from "../replace_file.ts";
import type { Rectangle } from "./electron.ts";

export interface WindowState extends Rectangle {
  readonly maximized: boolean;
}

export interface Placed {
  readonly x?: number;
  readonly y?: number;
  readonly width: number;
  readonly height: number;
  readonly maximized: boolean;
}

export const SMALLEST = Object.freeze({ width: 720, height: 480 });
const USUAL = Object.freeze({ width: 1440, height: 900 });
/** As much of the window's upper edge must be on a screen, so that it can be taken hold of. */
const GRIP = Object.freeze({ width: 120, height: 32 });

/** Where the window opens. `areas`: the screens' work areas, the first one's the usual. A place on a screen that is gone is forgotten. */
export function placeWindow(kept: WindowState | null, areas: readonly Rectangle[]): Placed {
  const area = kept === null ? undefined : areas.find((one) => holdsGrip(kept, one));
  if (kept === null || area === undefined) {
    return { ...fitting(kept ?? USUAL, areas[0]), maximized: kept?.maximized ?? false };
  }
  const { width, height } = fitting(kept, area);
  return { x: kept.x, y: kept.y, width, height, maximized: kept.maximized };
}

function fitting({ width, height }: { readonly width: number; readonly height: number }, area: Rectangle | undefined) {
  const most = area ?? USUAL;
  return {
    width: Math.max(SMALLEST.width, Math.min(width, most.width)),
    height: Math.max(SMALLEST.height, Math.min(height, most.height)),
  };
}

function holdsGrip({ x, y, width }: Rectangle, area: Rectangle): boolean {
  const across = Math.min(x + width, area.x + area.width) - Math.max(x, area.x);
  return across >= GRIP.width && y >= area.y && y + GRIP.height <= area.y + area.height;
}

const FILE = "window.json";
const NAMES = ["x", "y", "width", "height"] as const;

/** null where there is none, or nothing of use. */
export function readWindowState(dataFolder: string): WindowState | null {
  let value: JsonValue;
  try {
    value = parseJson(readFileSync(join(dataFolder, FILE), "utf8"));
  } catch {
    return null; // None yet, or spoilt: the window opens where it usually does.
  }
  if (!isObject(value)) return null;
  const [x, y, width, height] = NAMES.map((name) => wholeNumber(member(value, name)));
  if (x === undefined || y === undefined || width === undefined || height === undefined) return null;
  return { x, y, width, height, maximized: member(value, "maximized") === true };
}

function wholeNumber(value: JsonValue | undefined): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && Math.abs(value) < 1e6 ? value : undefined;
}

/** A folder that can't be written remembers nothing. */
export function keepWindowState(dataFolder: string, { x, y, width, height, maximized }: WindowState): void {
  try {
    replaceFile(join(dataFolder, FILE), JSON.stringify({ x, y, width, height, maximized }));
  } catch {
    // The next start opens the window where it usually does.
  }
}
