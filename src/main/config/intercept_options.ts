// What the intercept proxy is started with.
import { hostEntryProblem } from "../proxy/intercept/host_list.ts";
import { BadOption } from "./json_file.ts";
import type { PortOption } from "./options.ts";

export interface InterceptSettings {
  readonly on: boolean;
  readonly port: PortOption;
  /** Further `host:port`s by which clients reach the Elasticsearch that Parallax is pointed at. */
  readonly elasticsearchHosts: readonly string[];
  /** Hosts whose TLS is not opened. */
  readonly passThrough: readonly string[];
  /** PEM of authorities to trust beside those of the system. */
  readonly ca: string | null;
  readonly insecure: boolean;
}

/** The hosts of a list, checked. Throws BadOption. `name`: of the key and its flag. */
export function hostList(entries: readonly string[], name: string): readonly string[] {
  for (const entry of entries) {
    const problem = hostEntryProblem(entry);
    if (problem !== "") throw new BadOption(`${name}: ${problem}.`);
  }
  return entries;
}
