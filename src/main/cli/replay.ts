// `parallax replay FILE --to URL`: sends the requests of a session file or a HAR again, to any server.
import { connect } from "node:net";
import { messageOf } from "../../shared/thrown.ts";
import { urlProblem } from "../config/url.ts";
import { replaySentence } from "../pipes/session_replay_job.ts";
import { openRecorded } from "../replay/open_recorded.ts";
import { playRequests } from "../replay/player.ts";
import { sessionRequests } from "../replay/session_requests.ts";
import { filterOf } from "./export.ts";
import { VerbFailure } from "./running_parallax.ts";
import { readVerbOptions, runVerb } from "./verb_options.ts";

const LINE_EVERY_MS = 2_000;
const CONNECT_WITHIN_MS = 10_000;

/** Runs the verb; returns the exit code: 1 where `--fail-on-difference` asks and an answer had another status. */
export function replayCommand(argv: readonly string[]): Promise<number> {
  return runVerb("replay", async () => {
    const { names, text, has } = readVerbOptions("replay", argv, {
      to: "string",
      speed: "string",
      filter: "string",
      insecure: "boolean",
      "fail-on-difference": "boolean",
    });
    const [file] = names;
    const url = text("to");
    if (file === undefined || names.length > 1 || url === null) throw new VerbFailure(2, "Usage: parallax replay FILE --to URL");
    const problem = urlProblem(url);
    if (problem !== "") throw new VerbFailure(2, `--to ${problem}`);
    const speed = speedOf(text("speed"));
    const filter = filterOf(text("filter"));
    const recorded = await openRecorded(file, { redact: false }).catch((error: unknown) => {
      throw new VerbFailure(2, messageOf(error));
    });
    const interrupted = new AbortController();
    const interrupt = (): void => interrupted.abort();
    process.once("SIGINT", interrupt);
    try {
      await assertReachable(url);
      let skipped = 0;
      let said = performance.now();
      const onSkipped = (): void => {
        skipped += 1;
      };
      const result = await playRequests(sessionRequests(recorded.session, { ...filter, speed, onSkipped }), {
        url,
        signal: interrupted.signal,
        insecure: has("insecure"),
        onProgress: ({ played }) => {
          if (performance.now() - said < LINE_EVERY_MS) return;
          said = performance.now();
          process.stderr.write(`${played} requests\n`);
        },
      });
      process.stdout.write(`${replaySentence({ ...result, skipped })}\n`);
      return has("fail-on-difference") && result.failed > 0 ? 1 : 0;
    } finally {
      process.off("SIGINT", interrupt);
      await recorded.close();
    }
  });
}

function speedOf(text: string | null): number {
  if (text === null || text === "original") return 1;
  if (text === "max") return Number.POSITIVE_INFINITY;
  const speed = Number(text.replace(/x$/i, ""));
  if (Number.isFinite(speed) && speed > 0) return speed;
  throw new VerbFailure(2, `--speed is "${text}"; it must be original, max, or a factor like 10.`);
}

async function assertReachable(url: string): Promise<void> {
  const { hostname, port, protocol } = new URL(url);
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ""), port: Number(port) || (protocol === "https:" ? 443 : 80) });
  socket.setTimeout(CONNECT_WITHIN_MS, () => socket.destroy(new Error("no answer")));
  try {
    await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  } catch (error) {
    throw new VerbFailure(3, `Nothing answers at ${new URL(url).host}: ${messageOf(error)}.`);
  } finally {
    socket.destroy();
  }
}
