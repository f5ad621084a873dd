// What seems wrong between Kibana and Elasticsearch, by what was seen.
import type { Status } from "../../shared/contract.ts";
import type { KibanaState } from "../../shared/kibana.ts";
import { strings } from "../strings.ts";

const WORDS = strings.kibana.hint;

export interface Hint {
  readonly text: string;
  /** It keeps Kibana from working. */
  readonly bad: boolean;
}

export function hintsOf(seen: KibanaState, status: Pick<Status, "running" | "session" | "elasticsearch"> | undefined): readonly Hint[] {
  const hints: Hint[] = [];
  const { version } = status?.elasticsearch ?? { version: null };
  const any = seen.signs.some((sign) => sign.count > 0);
  if (status?.running === false) hints.push({ text: WORDS.stopped, bad: true });
  if (status?.session.sample === true && any) hints.push({ text: WORDS.recorded, bad: false });
  if (!any && seen.tls !== "pass") hints.push({ text: WORDS.nothing, bad: false });
  if (seen.version !== null && version !== null && !takes(seen.version, version))
    hints.push({ text: WORDS.version(seen.version, version), bad: true });
  if (seen.unauthorized > 0) hints.push({ text: WORDS.unauthorized(seen.unauthorized), bad: true });
  if (seen.forbidden > 0) hints.push({ text: WORDS.forbidden(seen.forbidden), bad: true });
  if (seen.unanswered > 0) hints.push({ text: WORDS.unanswered(seen.unanswered), bad: false });
  return hints;
}

/** Whether a Kibana takes an Elasticsearch: of its major, and no older minor. */
export function takes(kibana: string, elasticsearch: string): boolean {
  const [[major = 0, minor = 0], [esMajor = 0, esMinor = 0]] = [partsOf(kibana), partsOf(elasticsearch)];
  return major === esMajor && esMinor >= minor;
}

function partsOf(version: string): readonly number[] {
  return version.split(".").map(Number);
}
