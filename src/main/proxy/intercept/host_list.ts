// Hosts as a user lists them: `host` or `host:port`, with `*` for any part of a name.
import { isLoopback, readAuthority } from "./destination.ts";

const OWN = "(this machine)";

export class HostList {
  readonly #patterns: readonly { readonly host: RegExp; readonly port: number | null }[];

  constructor(list: readonly string[]) {
    this.#patterns = list.map((entry) => {
      const [, name = "", digits] = /^(.*?)(?::([0-9]{1,5}))?$/.exec(entry.trim().toLowerCase()) ?? [];
      const host = name.replace(/^\[|\]$/g, "");
      return { host: patternOf(isLoopback(host) ? OWN : host), port: digits === undefined ? null : Number(digits) };
    });
  }

  has(host: string, port: number): boolean {
    const names = isLoopback(host) ? [OWN, host] : [host];
    return this.#patterns.some(
      (pattern) => (pattern.port === null || pattern.port === port) && names.some((name) => pattern.host.test(name)),
    );
  }
}

/** "" or what is wrong with an entry. */
export function hostEntryProblem(entry: string): string {
  const plain = entry.trim().replaceAll("*", "x");
  return readAuthority(plain, 1) === null
    ? `${JSON.stringify(entry)} is no host or host:port, such as es.example.com:9200 or *.example.com`
    : "";
}

function patternOf(host: string): RegExp {
  return new RegExp(`^${host.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`);
}
