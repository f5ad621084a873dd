// A port on 127.0.0.1 that nobody listens on.
import { createServer } from "node:net";
import { portInUse } from "./embedded_error.ts";

const TRIES = 100;

/** `wanted`, or the next free one after it; with `exact` a taken port throws EmbeddedClickHouseError. 0 lets the system choose. */
export async function freePort(wanted: number, exact: boolean): Promise<number> {
  for (let port = wanted; port < wanted + TRIES && port < 65_536; port++) {
    const bound = await tryPort(port);
    if (bound !== null) return bound;
    if (exact) throw portInUse(wanted);
  }
  throw portInUse(wanted);
}

function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" || error.code === "EACCES" ? resolve(null) : reject(error),
    );
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      const bound = typeof address === "object" && address !== null ? address.port : port;
      server.close(() => resolve(bound));
    });
  });
}
