// Passwords of the addresses in the settings. They may stand in the URL; in Electron they are kept encrypted beside the config file, whose URL
// then has the user alone; and a variable of the environment gives the password of a URL that has none.
import { addressesOf } from "../proxy/upstream.ts";

/** Where secrets are kept, by the key of their setting. `write` throws where it can't. */
export interface SecretStore {
  read(key: string): string | null;
  /** null: there is none any more. */
  write(key: string, secret: string | null): void;
}

/** What gives a URL of a setting its password. */
export interface Passwords {
  readonly store: SecretStore | null;
  readonly env: NodeJS.ProcessEnv;
}

/** The password of the setting's `urls`; null where none is known. One that is kept is of these very URLs: no other server is told it. */
export function passwordOf(key: string, urls: string, { store, env }: Passwords): string | null {
  const kept = keptFor(key, urls, store);
  if (kept !== null) return kept;
  const given = env[PASSWORD_VARIABLES[key] ?? ""];
  return given === undefined || given === "" ? null : given;
}

function keptFor(key: string, urls: string, store: SecretStore | null): string | null {
  const secret = store?.read(key) ?? "";
  return secret.startsWith(`${urls}\n`) ? secret.slice(urls.length + 1) : null;
}

/** Keeps the password of the setting's `urls` and gives them without it; what was kept of other URLs is forgotten. Throws where the store does. */
export function keepPassword(key: string, urls: string | null, store: SecretStore): string | null {
  const { urls: plain, password } = takenOut(urls ?? "");
  if (password !== null) store.write(key, `${plain}\n${password}`);
  else if (urls === null || keptFor(key, urls, store) === null) store.write(key, null);
  return urls === null ? null : plain;
}

/** Settings whose URLs may have a password, and the variable that gives it. */
export const PASSWORD_VARIABLES: Readonly<Record<string, string>> = Object.freeze({
  "elasticsearch.url": "PARALLAX_ELASTICSEARCH_PASSWORD",
  "clickhouse.url": "PARALLAX_CLICKHOUSE_PASSWORD",
  "telemetry.url": "PARALLAX_TELEMETRY_PASSWORD",
});

/** `urls` with the password in each that names a user and has none. */
export function withPassword(urls: string, password: string | null): string {
  if (password === null) return urls;
  return mapped(urls, (url) => {
    if (url.username !== "" && url.password === "") url.password = encodeURIComponent(password);
  });
}

/** `urls` without their password, where it is one and the same; `password` is null where there is nothing to take. */
function takenOut(urls: string): { readonly urls: string; readonly password: string | null } {
  const found = new Set(addressesOf(urls).flatMap((text) => URL.parse(text)?.password || []));
  const [password] = found;
  if (password === undefined || found.size > 1) return { urls, password: null };
  const plain = mapped(urls, (url) => {
    url.password = "";
  });
  try {
    return { urls: plain, password: decodeURIComponent(password) };
  } catch {
    return { urls, password: null }; // A stray %: refused elsewhere, in words.
  }
}

function mapped(urls: string, change: (url: URL) => void): string {
  const changed = addressesOf(urls).map((text) => {
    const url = URL.parse(text);
    if (url === null) return text;
    const before = url.href;
    change(url);
    // A URL that is as it was is written as it was.
    return url.href === before ? text : url.href.replace(/\/$/, text.endsWith("/") ? "/" : "");
  });
  return changed.join(",");
}
