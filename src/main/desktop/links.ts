// Which addresses a page may have opened outside of the app, in the browser of the system: our own servers on this machine, and the
// documentation that the window points to. Never a program, a file, or whatever a document names.

/** Hosts whose pages the window points to, by https alone. */
export const KNOWN_HOSTS: readonly string[] = ["www.elastic.co", "clickhouse.com", "github.com", "nodejs.org"];

/** The address to open, else null. `own`: URLs of servers of ours, of which anything may be opened. */
export function externalUrl(url: string, own: readonly string[]): string | null {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.username !== "" || parsed.password !== "") return null;
  if (parsed.protocol === "https:" && parsed.port === "" && KNOWN_HOSTS.includes(parsed.hostname)) return parsed.href;
  const ours = own.some((server) => isLoopback(server) && URL.parse(server)?.origin === parsed.origin);
  return ours ? parsed.href : null;
}

function isLoopback(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed?.protocol === "http:" && (parsed.hostname === "127.0.0.1" || parsed.hostname === "localhost");
}
