// Our own certificate authority: made at its first use, kept in a folder of which only its owner may read the key, and the
// identities of hosts that it vouches for.
import { randomUUID, X509Certificate } from "node:crypto";
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { createSecureContext, type SecureContext } from "node:tls";
import type { AuthorityFacts } from "../../../shared/intercept.ts";
import { messageOf } from "../../../shared/thrown.ts";
import { type Authority, makeAuthority, makeHostIdentity, readAuthority } from "./certificate.ts";

/** Key and certificate, for nobody but us. */
const AUTHORITY_FILE = "authority.pem";
/** The certificate alone, for whoever is to trust it. */
export const CERTIFICATE_FILE = "ca.pem";
const REMEMBERED_HOSTS = 1000;

/** The authority that is kept in `folder`; made now when there is none or it has ended. Throws when it can't be read or written. */
export function openAuthority(folder: string, now: Date): Authority {
  const file = join(folder, AUTHORITY_FILE);
  if (existsSync(file)) {
    const kept = read(file);
    if (new X509Certificate(kept.certificate).validToDate > now) return kept;
    rmSync(file);
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const made = makeAuthority(
    `Parallax CA ${now.toISOString().slice(0, 10)} ${hostname().replace(/[^\w.-]/g, "")}`.slice(0, 64).trim(),
    now,
  );
  const authority = keep(file, made);
  writeFileSync(join(folder, CERTIFICATE_FILE), authority.certificate, { mode: 0o644 });
  return authority;
}

/** What a user is told of the authority in `folder`. */
export function authorityFacts({ certificate }: Authority, folder: string): AuthorityFacts {
  const { fingerprint256, subject, validToDate } = new X509Certificate(certificate);
  return {
    pem: certificate,
    fingerprint: fingerprint256,
    name: /^CN=(.*)$/m.exec(subject)?.[1] ?? "",
    until: validToDate.toISOString(),
    file: join(folder, CERTIFICATE_FILE),
  };
}

/** What the clients of a host are shown. PEM, and the same made ready. */
export interface Shown {
  readonly cert: string;
  readonly key: string;
  readonly context: SecureContext;
}

/** The identities that hosts are given, each made when it is first asked for. */
export class HostIdentities {
  readonly #authority: () => Authority;
  readonly #shown = new Map<string, Shown>();

  constructor(authority: () => Authority) {
    this.#authority = authority;
  }

  /** `host`: a DNS name, or an address without brackets. Throws where the authority can't be had. */
  of(host: string): Shown {
    const known = this.#shown.get(host);
    if (known !== undefined) return known;
    const { certificate, key } = makeHostIdentity(this.#authority(), host, new Date());
    const shown = { cert: certificate, key, context: createSecureContext({ cert: certificate, key }) };
    const oldest = this.#shown.keys().next();
    if (this.#shown.size >= REMEMBERED_HOSTS && oldest.done !== true) this.#shown.delete(oldest.value);
    this.#shown.set(host, shown);
    return shown;
  }
}

function read(file: string): Authority {
  try {
    const text = readFileSync(file, "utf8");
    return readAuthority(text, text);
  } catch (error) {
    throw new Error(`The certificate authority in ${file} can't be used: ${messageOf(error)}. Delete the file, and a new one is made.`);
  }
}

/** Whole or not at all, never readable by others for a moment; of two at once, the first counts. */
function keep(file: string, made: Authority): Authority {
  const half = `${file}.${randomUUID()}`;
  writeFileSync(half, made.key.export({ type: "pkcs8", format: "pem" }).toString() + made.certificate, { mode: 0o600, flag: "wx" });
  try {
    linkSync(half, file);
    return made;
  } catch (error) {
    if (existsSync(file)) return read(file);
    throw error;
  } finally {
    rmSync(half);
  }
}
