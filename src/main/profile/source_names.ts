// Names of source files as people know them: relative to the project, and those that the build wrote by the sources that they come from.
import { readFileSync } from "node:fs";
import { SourceMap, type SourceMapping } from "node:module";
import { dirname, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { CallFrame, CpuProfile, ProfileNode } from "../../shared/profile.ts";
import { packageFolder } from "../cli/version.ts";

/** A place in a file: line and column from 0. */
interface Place {
  readonly url: string;
  readonly line: number;
  readonly column: number;
}

const root = packageFolder();
/** Paths by address: a profile names each file many times. */
const paths = new Map<string, string>();
/** Of files that the build wrote; null where there is none. */
const maps = new Map<string, SourceMap | null>();

/** The profile with its functions at their places in the project. */
export function nameSources(profile: CpuProfile): CpuProfile {
  return { ...profile, nodes: profile.nodes.map(nameNode) };
}

/** Where a function is in the sources. */
export function nameFrame(frame: CallFrame): CallFrame {
  const { url, line, column } = placeOf({ url: frame.url, line: frame.lineNumber, column: frame.columnNumber });
  return { functionName: frame.functionName, url, lineNumber: line, columnNumber: column };
}

function nameNode(node: ProfileNode): ProfileNode {
  const { url } = node.callFrame;
  const callFrame = nameFrame(node.callFrame);
  if (node.positionTicks === undefined || mapOf(url) === null) return { ...node, callFrame };
  const positionTicks = node.positionTicks.map(({ line, ticks }) => ({
    line: placeOf({ url, line: line - 1, column: 0 }).line + 1,
    ticks,
  }));
  return { ...node, callFrame, positionTicks };
}

/** `place` in the sources, its file relative to the project. */
export function placeOf(place: Place): Place {
  if (!place.url.startsWith("file:")) return place;
  const map = place.line < 0 ? null : mapOf(place.url);
  // What is mapped before, when nothing is at the start of a line: then what is mapped last on it.
  const before = map === null ? null : entryOf(map, place.line, place.column);
  const entry = map === null || before?.generatedLine === place.line ? before : entryOf(map, place.line, Number.MAX_SAFE_INTEGER);
  if (entry === null) return { ...place, url: pathOf(place.url) };
  return {
    url: fromRoot(resolve(dirname(fileURLToPath(place.url)), entry.originalSource)),
    line: entry.originalLine,
    column: entry.originalColumn,
  };
}

function entryOf(map: SourceMap, line: number, column: number): SourceMapping | null {
  const entry = map.findEntry(line, column);
  return "originalSource" in entry ? entry : null;
}

function pathOf(url: string): string {
  const path = paths.get(url) ?? fromRoot(fileURLToPath(url));
  paths.set(url, path);
  return path;
}

function fromRoot(file: string): string {
  const inside = relative(root, file).split(sep).join("/");
  if (!inside.startsWith("../")) return inside;
  // A package beside this one.
  const at = inside.lastIndexOf("/node_modules/");
  return at < 0 ? file.split(sep).join("/") : inside.slice(at + 1);
}

function mapOf(url: string): SourceMap | null {
  if (!url.startsWith("file:") || !url.endsWith(".js")) return null;
  const known = maps.get(url);
  if (known !== undefined) return known;
  const map = readMap(`${fileURLToPath(url)}.map`);
  maps.set(url, map);
  return map;
}

function readMap(file: string): SourceMap | null {
  if (!fromRoot(file).startsWith("out/")) return null;
  try {
    return new SourceMap(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return null;
  }
}
