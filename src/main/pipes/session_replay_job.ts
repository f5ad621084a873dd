// Plays the requests of the session that is shown at a server, as a pipe.
import type { Schedule } from "../../shared/schedule.ts";
import { compileFilter } from "../capture/index.ts";
import type { Session } from "../capture/session.ts";
import type { Filter } from "../capture/types.ts";
import { playRequests } from "../replay/player.ts";
import { sessionRequests } from "../replay/session_requests.ts";
import { type Job, PipeRefusal } from "./job.ts";

export interface SessionReplay {
  readonly session: Session;
  readonly filter?: Filter;
  readonly url: string;
  /** As in SessionRequests. */
  readonly speed: number;
}

export const SESSION_REPLAY = "replay-session";

export function sessionReplayJob({ session, filter, url, speed }: SessionReplay): Job {
  return {
    id: SESSION_REPLAY,
    kind: "replay",
    title: `Plays the session's requests at ${new URL(url).host}`,
    index: null,
    run: async ({ signal, progress }) => {
      // What a filter on bodies lets through is not known before it was read.
      const total = filter?.scans === true ? null : session.list({ limit: 1, ...(filter === undefined ? {} : { filter }) }).total;
      let skipped = 0;
      const requests = sessionRequests(session, {
        ...(filter === undefined ? {} : { filter }),
        speed,
        onSkipped: () => {
          skipped += 1;
        },
      });
      const result = await playRequests(requests, {
        url,
        signal,
        onProgress: ({ played }) => progress({ done: played, total, unit: "requests", bytes: null, secondsLeft: null, pass: null }),
      });
      signal.throwIfAborted();
      return { sentence: replaySentence({ ...result, skipped }), report: null };
    },
  };
}

/** What was sent again is not sent once more: a session that is played at its own endpoint would double with each run. */
const FIRST_SENT = "!~replay";

/** The replay of a schedule. Throws PipeRefusal. */
export function scheduledReplay(session: Session | null, endpoint: string | null, { url, filter = "", speed = 1 }: Schedule): Job {
  if (session === null) throw new PipeRefusal("away", "No session is open.");
  const to = url ?? endpoint;
  if (to === null) throw new PipeRefusal("away", "The proxy is stopped, at which the session would be played.");
  const compiled = compileFilter(filter.trim() === "" ? FIRST_SENT : `${FIRST_SENT} & (${filter})`);
  if (!compiled.ok) throw new PipeRefusal("wrong", `Its filter can't be read: ${compiled.error.message}`);
  return sessionReplayJob({ session, filter: compiled.filter, url: to, speed: speed === 0 ? Number.POSITIVE_INFINITY : speed });
}

/** What a replay did. */
export function replaySentence({
  played,
  failed,
  skipped,
}: {
  readonly played: number;
  readonly failed: number;
  readonly skipped: number;
}): string {
  const unlike = failed === 0 ? "" : ` ${failed} were not answered with the recorded status.`;
  const left = skipped === 0 ? "" : ` ${skipped} were left out: they were not captured whole.`;
  return `Played ${played} requests.${unlike}${left}`;
}
