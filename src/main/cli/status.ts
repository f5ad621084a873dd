// `parallax status`: what a running Parallax says of itself.
import type { Backend, Status } from "../../shared/contract.ts";
import type { PipeInfo } from "../../shared/pipe.ts";
import { progressText } from "./index_verb.ts";
import { readVerbOptions, runVerb } from "./verb_options.ts";

/** Runs the verb; returns the exit code. */
export function statusCommand(argv: readonly string[]): Promise<number> {
  return runVerb("status", async () => {
    const { parallax, has } = readVerbOptions("status", argv, { json: "boolean" });
    const status = await parallax.call("status.get", {});
    const pipes = await parallax.call("pipes.list", {});
    process.stdout.write(has("json") ? `${JSON.stringify({ ...status, pipes }, null, 2)}\n` : text(status, pipes));
    return 0;
  });
}

function text(status: Status, pipes: readonly PipeInfo[]): string {
  const { proxy, elasticsearch, clickhouse, capture, journal } = status;
  const lines = [
    `Parallax ${status.version}, up ${status.uptime}, process ${status.pid}`,
    `  interface      ${status.interface.url}`,
    `  proxy          ${proxy.url}  ${status.running ? `mode ${status.mode}` : "stopped"}`,
    `  intercept      ${status.intercept.on ? status.intercept.url : "off"}`,
    `  Elasticsearch  ${backendText(elasticsearch)}`,
    `  ClickHouse     ${backendText(clickhouse)}`,
    `  captured       ${capture.exchanges} exchanges, ${capture.missed} missed, ${capture.bytes} bytes`,
    `  journal        ${journal.writes} writes, ${journal.bytes} bytes`,
    ...pipes.map((pipe) => `  pipe           ${pipe.id}  ${pipe.state}${pipeText(pipe)}`),
    ...status.problems,
  ];
  return `${lines.join("\n")}\n`;
}

function backendText({ url, status, version }: Backend): string {
  return [url === "" ? "none" : url, status, version ?? ""].filter((part) => part !== "").join("  ");
}

function pipeText(pipe: PipeInfo): string {
  const said =
    pipe.state === "running" && (pipe.progress !== null || pipe.lastError !== "") ? progressText(pipe) : pipe.result || pipe.lastError;
  return said === "" ? "" : `: ${said}`;
}
