// `parallax mcp`: the server of the Model Context Protocol over standard input and output, for the Parallax that runs.
import { printJson } from "../../shared/json.ts";
import { serveLines } from "../mcp/stdio.ts";
import { readVerbOptions, runVerb } from "./verb_options.ts";
import { version } from "./version.ts";

/** Runs until standard input ends; returns the exit code. */
export function mcpCommand(argv: readonly string[]): Promise<number> {
  return runVerb("mcp", async () => {
    const { parallax, has } = readVerbOptions("mcp", argv, { "allow-writes": "boolean" });
    await serveLines(
      {
        // Whoever does not run yet may do so at the next call.
        ask: (name, request) => parallax.send(name, printJson(request)),
        allowWrites: has("allow-writes"),
        version: version(),
      },
      process.stdin,
      process.stdout,
    );
    return 0;
  });
}
