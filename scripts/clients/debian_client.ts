// Clients from Debian, unpacked into a folder: nothing is installed on the machine, and no service of theirs is started.
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cached, type Recipe, ran } from "./recipe.ts";

/** A folder with the files of `packages`, and of those they need that this machine lacks. */
export function debianClient(name: string, packages: readonly string[]): Recipe {
  return cached(join("debian", name), (aside) => {
    const archives = join(aside, "archives");
    mkdirSync(join(archives, "partial"), { recursive: true });
    const asked = ["install", "--yes", "--no-install-recommends", "--download-only", "--reinstall"];
    const options = ["-o", "Debug::NoLocking=1", "-o", `Dir::Cache::archives=${archives}`];
    const fetched = ran("apt-get", [...asked, ...options, ...packages], aside);
    if (fetched !== undefined) return fetched;
    for (const archive of readdirSync(archives).filter((file) => file.endsWith(".deb"))) {
      const unpacked = ran("dpkg", ["-x", join(archives, archive), aside], aside);
      if (unpacked !== undefined) return unpacked;
    }
    rmSync(archives, { recursive: true, force: true });
    return undefined;
  });
}
