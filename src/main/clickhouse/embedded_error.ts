// Why the embedded ClickHouse can't run, in words for the person at the keyboard.

export type EmbeddedProblem =
  | "unsupported_platform"
  | "library_missing"
  | "port_in_use"
  | "data_folder_not_writable"
  | "data_folder_locked"
  | "did_not_start";

/** `message` says what happened, to what, and what to do. */
export class EmbeddedClickHouseError extends Error {
  override readonly name = "EmbeddedClickHouseError";
  readonly code: EmbeddedProblem;

  constructor(code: EmbeddedProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The last words of a child that ended, as a problem. `output` is its stderr. */
export function problemOfOutput(output: string, port: number, dataFolder: string): EmbeddedClickHouseError {
  if (/Address already in use/.test(output)) return portInUse(port);
  if (/Cannot lock file|Another server instance in same directory/.test(output)) {
    return new EmbeddedClickHouseError(
      "data_folder_locked",
      `The data folder ${dataFolder} is in use by another ClickHouse (is Parallax running already?). Stop that one, or choose another folder with --data.`,
    );
  }
  if (/Permission denied|Read-only file system|EACCES|EROFS/.test(output)) return notWritable(dataFolder, lastLine(output));
  return new EmbeddedClickHouseError(
    "did_not_start",
    `The embedded ClickHouse ended at its start: ${lastLine(output) || "it said nothing"}`,
  );
}

export function portInUse(port: number): EmbeddedClickHouseError {
  return new EmbeddedClickHouseError(
    "port_in_use",
    `Port ${port} on 127.0.0.1 is in use by another program. Stop it, or choose another port with --clickhouse-port.`,
  );
}

export function notWritable(dataFolder: string, why: string): EmbeddedClickHouseError {
  return new EmbeddedClickHouseError(
    "data_folder_not_writable",
    `The data folder ${dataFolder} can't be written (${why}). Make it writable, or choose another one with --data.`,
  );
}

function lastLine(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("Logging "));
  return lines.at(-1)?.trim() ?? "";
}
