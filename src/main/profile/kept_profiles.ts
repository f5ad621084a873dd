// The profiles in the logs folder: runs of pipes beside the logs, calls in `api_profiler`, recordings in `profiles`. Nothing is remembered of
// them but their files, so that files which are copied in or removed by hand are listed as they are.
import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CPU_FORMATS, type ProfileFormat, type ProfileInfo, type ProfileOrigin } from "../../shared/profiles.ts";
import { messageOf } from "../../shared/thrown.ts";
import { FORMAT_FILES, RUN_PSTATS, readName } from "./names.ts";
import { ProfileNotKept } from "./refusal.ts";

/** What a profile is kept as, by the ending of its main file. */
const KEPT_AS: readonly ProfileFormat[] = ["cpuprofile", "heapprofile"];
const FOLDERS: Readonly<Record<ProfileOrigin, string>> = { call: "api_profiler", cpu: "profiles", heap: "profiles", run: "" };
/** Endings that belong to a profile which is kept. */
const ENDINGS: readonly string[] = [...Object.values(FORMAT_FILES).map(({ ending }) => ending), RUN_PSTATS];

/** While it is written, so that nobody reads half a profile. */
const PART = ".part";

/** A profile and where it is. */
export interface KeptProfile extends ProfileInfo {
  readonly folder: string;
  /** Names of its files; that which it is kept as comes first. */
  readonly files: readonly string[];
}

export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

export class KeptProfiles {
  readonly #logs: string;

  constructor(logs: string) {
    this.#logs = logs;
  }

  /** Where profiles of this origin are. */
  folder(origin: ProfileOrigin): string {
    return join(this.#logs, FOLDERS[origin]);
  }

  /** The newest ones first, at most `limit`. */
  async list(limit: number): Promise<readonly KeptProfile[]> {
    const found = (await this.#all()).toSorted((a, b) => (a.created < b.created ? 1 : a.created > b.created ? -1 : 0));
    return Promise.all(found.slice(0, limit).map(weighed));
  }

  /** null: there is none of this id. */
  async find(id: string): Promise<KeptProfile | null> {
    const named = readName(id);
    if (named === null) return null;
    const profile = (await this.#in(this.folder(named.origin))).find((one) => one.id === id);
    return profile === undefined ? null : weighed(profile);
  }

  /** Writes the files of a profile by their endings. Throws ProfileNotKept: then none of them is left. */
  async keep(id: string, files: Readonly<Record<string, Uint8Array>>): Promise<void> {
    const folder = this.folder(readName(id)?.origin ?? "run");
    const paths = Object.entries(files).map(([ending, bytes]) => ({ path: join(folder, id + ending), bytes }));
    try {
      await mkdir(folder, { recursive: true });
      for (const { path, bytes } of paths) await writeFile(path + PART, bytes);
      for (const { path } of paths) await rename(path + PART, path);
    } catch (error) {
      const written = paths.flatMap(({ path }) => [path, path + PART]);
      await Promise.all(written.map((path) => rm(path, { force: true }).catch(() => {})));
      throw new ProfileNotKept(`The profile ${id} can't be kept: ${messageOf(error)}.`);
    }
  }

  /** Removes a profile's files. */
  async remove({ folder, files }: KeptProfile): Promise<void> {
    await Promise.all(files.map((file) => rm(join(folder, file), { force: true })));
  }

  /** Removes all profiles of calls; how much that was. */
  async cleanCalls(): Promise<Amount> {
    const calls = await Promise.all((await this.#in(this.folder("call"))).map(weighed));
    for (const call of calls) await this.remove(call);
    return amountOf(calls);
  }

  async amounts(): Promise<{ readonly calls: Amount; readonly total: Amount }> {
    const all = await Promise.all((await this.#all()).map(weighed));
    return { calls: amountOf(all.filter(({ origin }) => origin === "call")), total: amountOf(all) };
  }

  async #all(): Promise<readonly KeptProfile[]> {
    const folders = [...new Set(Object.values(FOLDERS))].map((folder) => join(this.#logs, folder));
    return (await Promise.all(folders.map((folder) => this.#in(folder)))).flat();
  }

  /** Those of one folder, without their sizes. */
  async #in(folder: string): Promise<readonly KeptProfile[]> {
    // A folder that was never made holds nothing.
    const files = await readdir(folder).catch(() => []);
    const kept = new Map<string, string[]>();
    for (const file of files) {
      const ending = ENDINGS.find((one) => file.endsWith(one));
      if (ending === undefined) continue;
      const id = file.slice(0, -ending.length);
      kept.set(id, [...(kept.get(id) ?? []), file]);
    }
    return [...kept].flatMap(([id, names]) => {
      const named = readName(id);
      const as = KEPT_AS.find((format) => names.includes(id + FORMAT_FILES[format].ending));
      if (named === null || as === undefined || this.folder(named.origin) !== folder) return [];
      const main = id + FORMAT_FILES[as].ending;
      const formats: readonly ProfileFormat[] =
        as === "heapprofile" ? ["heapprofile", "pprof"] : ["cpuprofile", ...CPU_FORMATS.filter((format) => format !== "cpuprofile")];
      return [{ id, ...named, bytes: 0, formats, folder, files: [main, ...names.filter((name) => name !== main)] }];
    });
  }
}

async function weighed(profile: KeptProfile): Promise<KeptProfile> {
  const sizes = await Promise.all(
    profile.files.map((file) =>
      stat(join(profile.folder, file)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  );
  return { ...profile, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

function amountOf(profiles: readonly KeptProfile[]): Amount {
  return {
    files: profiles.reduce((sum, { files }) => sum + files.length, 0),
    bytes: profiles.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
