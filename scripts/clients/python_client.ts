// Clients from PyPI, each in a virtual environment of its own.
import { join } from "node:path";
import { cached, type Recipe, ran } from "./recipe.ts";

/** A folder with `bin/python` that has `requirements` (`NAME==VERSION`). Only wheels: nothing is compiled. */
export function pythonClient(name: string, requirements: readonly string[]): Recipe {
  return cached(join("python", name), (aside) => {
    const made = ran("python3", ["-m", "venv", "."], aside);
    if (made !== undefined) return made;
    return ran(
      "bin/python",
      ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:", ...requirements],
      aside,
    );
  });
}
