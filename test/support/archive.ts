// Reads the list of an asar archive: a header in JSON behind four lengths of four octets.
import { readFileSync } from "node:fs";

interface Entry {
  readonly files?: Readonly<Record<string, Entry>>;
  readonly unpacked?: boolean;
}

/** Paths of all files in it; true for those that lie beside it. */
export function readArchive(file: string): ReadonlyMap<string, boolean> {
  const octets = readFileSync(file);
  const header: Entry = JSON.parse(octets.subarray(16, 16 + octets.readUInt32LE(12)).toString());
  return new Map(filesOf(header, ""));
}

function filesOf({ files = {} }: Entry, folder: string): [string, boolean][] {
  return Object.entries(files).flatMap(([name, entry]): [string, boolean][] =>
    entry.files === undefined ? [[folder + name, entry.unpacked === true]] : filesOf(entry, `${folder}${name}/`),
  );
}
