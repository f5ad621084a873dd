// Indices in mode tap: what is written to them is not mirrored, but counted.
import type { Routing } from "../routing/routing.ts";
import type { NamedIndex, Rule } from "../routing/rules.ts";
import type { Catalog } from "./catalog.ts";

/** Said of what is written to them. */
export const TAPPED = "its index is in mode tap: neither mirrored nor compared";

const NO_PARAMS: ReadonlyMap<string, string> = new Map();
const ALL: ReadonlyMap<string, string> = new Map([["expand_wildcards", "all"]]);
const COMPARED: Rule = { pattern: "*", mode: "compare", from: "listener" };

export class TappedIndices {
  readonly #routing: Routing | undefined;
  readonly #known: (name: string) => NamedIndex | undefined;
  readonly #catalog: Catalog;
  readonly #counts = new Map<string, number>();

  /** `known`: an index that is open. Without `routing` no index is tapped. */
  constructor(routing: Routing | undefined, known: (name: string) => NamedIndex | undefined, catalog: Catalog) {
    this.#routing = routing;
    this.#known = known;
    this.#catalog = catalog;
  }

  /** Whether there may be such indices. */
  get any(): boolean {
    return this.#routing?.has("tap") === true;
  }

  /** Whether an index, by its own name, is one. While its aliases can't be asked for it goes by that name alone. */
  async has(name: string): Promise<boolean> {
    if (this.#routing === undefined || !this.any) return false;
    return this.#routing.modeOf(this.#known(name) ?? (await this.#described(name)) ?? { name, aliases: [] }) === "tap";
  }

  /** So many changes of an index were not mirrored for its mode. */
  count(name: string, changes: number): void {
    this.#counts.set(name, this.counted(name) + changes);
  }

  counted(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** The index holds all again. */
  forget(name: string): void {
    this.#counts.delete(name);
  }

  /** The rule of each index by its own name, now. Never throws. */
  async rules(): Promise<(name: string) => Rule> {
    const routing = this.#routing;
    if (routing === undefined) return () => COMPARED;
    const resolved = routing.plain ? undefined : await this.#catalog.resolve("", ALL);
    const known = resolved?.kind === "rejected" ? [] : (resolved?.indices ?? []);
    const described = new Map(known.map((index) => [index.name, index]));
    return (name) => routing.ruleOf(described.get(name) ?? { name, aliases: [] });
  }

  async #described(name: string): Promise<NamedIndex | undefined> {
    const resolved = await this.#catalog.resolve(name, NO_PARAMS);
    return resolved.kind === "rejected" ? undefined : resolved.indices?.find((index) => index.name === name);
  }
}
