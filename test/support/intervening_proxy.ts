// A proxy whose requests go through rules, script and breakpoints, before a scripted upstream; no engine behind it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Reply } from "../../src/main/proxy/answerer.ts";
import type { ProxyOptions } from "../../src/main/proxy/proxy_options.ts";
import { startProxy } from "../../src/main/proxy/reverse.ts";
import { readUpstream } from "../../src/main/proxy/upstream.ts";
import type { Altered } from "../../src/main/rules/backends.ts";
import { forward } from "../../src/main/rules/forward.ts";
import { Interventions } from "../../src/main/rules/interventions.ts";
import { readRule } from "../../src/main/rules/read_rule.ts";
import type { JsonValue } from "../../src/shared/json.ts";
import { type FakeUpstream, jsonAnswer, type Script, startFakeUpstream } from "./fake_upstream.ts";
import { type RecordingTap, recordingTap } from "./recording_tap.ts";

export interface InterveningProxy {
  readonly port: number;
  readonly upstream: FakeUpstream;
  readonly tap: RecordingTap;
  readonly interventions: Interventions;
  readonly folder: string;
  /** By id of the exchange. */
  readonly altered: Map<number, Altered>;
  readonly logged: string[];
  /** Writes a file and gives its name. */
  file(name: string, text: string): string;
  close(): Promise<void>;
}

interface Options {
  readonly rules?: readonly JsonValue[];
  readonly script?: string;
  readonly limitMs?: number;
  readonly answers?: Script;
  readonly clickhouse?: Reply;
  readonly limits?: ProxyOptions["limits"];
}

/** `script`: source of the module. */
export async function startInterveningProxy(options: Options = {}): Promise<InterveningProxy> {
  const folder = mkdtempSync(join(tmpdir(), "parallax-rules-"));
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const upstream = await startFakeUpstream(options.answers ?? (() => jsonAnswer('{"by":"upstream"}')));
  const tap = recordingTap();
  const altered = new Map<number, Altered>();
  const logged: string[] = [];
  const interventions = new Interventions({
    file: join(folder, "rules.json"),
    rules: (options.rules ?? []).map((rule, i) => readRule(rule, `rules[${i}]`, `rule-${i + 1}`)),
    script: options.script === undefined ? "" : file("script.mjs", options.script),
    scriptLimitMs: options.limitMs ?? 60_000,
    watchChanged: (sieve) => void proxy?.setWatch(sieve),
    changed: () => {},
    log: (message) => logged.push(message),
  });
  const backends = {
    asks: /^(GET|POST) \/[^?]*_search/,
    clickhouse: async (): Promise<Reply> => options.clickhouse ?? { kind: "pass", headers: [] },
    forward: (request: Parameters<typeof forward>[0], asked: { readonly id: number; readonly time: number }, gone: AbortSignal) =>
      forward(request, {
        upstream: readUpstream(upstream.url, {}),
        name: upstream.url,
        journal: null,
        exchange: asked.id,
        time: asked.time,
        gone,
      }),
    altered: (id: number, _time: number, what: Altered) => void altered.set(id, what),
  };
  let proxy: Awaited<ReturnType<typeof startProxy>> | null = null;
  await interventions.start();
  proxy = await startProxy({
    upstream: upstream.url,
    port: 0,
    tap,
    answerer: { asks: "^(GET|POST) /[^?]*_search", answer: (request, waiting) => interventions.handle(request, waiting, backends) },
    watch: interventions.sieve,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    unwatched: (id, why) =>
      void altered.set(id, { changes: [{ by: "parallax", did: why }], by: "wire", sent: null, answered: null, backend: null }),
  });
  const running = proxy;
  return {
    port: running.port,
    upstream,
    tap,
    interventions,
    folder,
    altered,
    logged,
    file,
    close: async () => {
      await interventions.close();
      await running.stop();
      await upstream.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
