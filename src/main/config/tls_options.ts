// What the endpoint does with clients that speak TLS, as flags and the configuration say it.
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Mode } from "../../shared/contract.ts";
import { messageOf } from "../../shared/thrown.ts";
import type { ClientTls } from "../proxy/client_tls.ts";
import { BadOption } from "./json_file.ts";

export interface TlsValues {
  /** `off`, `pass` or `own`; null: not given. */
  readonly tls: string | null;
  /** Files of PEM. */
  readonly cert: string | null;
  readonly key: string | null;
  /** Folder of our own authority. */
  readonly folder: string;
  readonly mode: Mode;
  /** URLs of Elasticsearch, with commas between. */
  readonly elasticsearch: string | null;
}

/** Null: clients without TLS only. Throws BadOption. */
export function clientTls({ tls, cert, key, folder, mode, elasticsearch }: TlsValues): ClientTls | null {
  if ((cert === null) !== (key === null)) {
    throw new BadOption("proxy.tlsCert (--tls-cert) and proxy.tlsKey (--tls-key) go together: give both files.");
  }
  if (cert !== null && key !== null) {
    if (tls !== null) throw new BadOption("proxy.tls (--tls) and proxy.tlsCert (--tls-cert) contradict each other: give one of them.");
    return given(cert, key);
  }
  if (tls === null || tls === "off") return null;
  if (tls === "own") return { kind: "own", folder: join(folder, "intercept") };
  if (tls !== "pass") throw new BadOption(`proxy.tls (--tls) is ${JSON.stringify(tls)}; there are "off", "own" and "pass".`);
  if (mode !== "tap") {
    throw new BadOption("proxy.tls (--tls) pass needs mode (--mode) tap: what passes unread can be neither mirrored nor compared.");
  }
  if (elasticsearch !== null && !elasticsearch.split(",").every((url) => url.trim().startsWith("https://"))) {
    throw new BadOption(
      "proxy.tls (--tls) pass needs an https elasticsearch.url (--elasticsearch): it is Elasticsearch that opens the TLS.",
    );
  }
  return { kind: "pass" };
}

function given(certFile: string, keyFile: string): ClientTls {
  const cert = text(certFile, "proxy.tlsCert (--tls-cert)");
  const key = text(keyFile, "proxy.tlsKey (--tls-key)");
  const certificate = parsed(() => new X509Certificate(cert), `proxy.tlsCert (--tls-cert): ${certFile} holds no PEM certificate`);
  const privateKey = parsed(
    () => createPrivateKey(key),
    `proxy.tlsKey (--tls-key): ${keyFile} holds no PEM private key without a passphrase`,
  );
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new BadOption(`proxy.tlsKey (--tls-key): ${keyFile} is not the key of the certificate in ${certFile}. Give the pair.`);
  }
  if (certificate.validToDate < new Date()) {
    throw new BadOption(
      `proxy.tlsCert (--tls-cert): the certificate in ${certFile} has ended on ${certificate.validTo}. Give a valid one.`,
    );
  }
  return { kind: "given", cert, key };
}

function text(file: string, name: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new BadOption(`${name} can't be read: ${messageOf(error)}.`);
  }
}

function parsed<T>(read: () => T, what: string): T {
  try {
    return read();
  } catch (error) {
    throw new BadOption(`${what} (${messageOf(error)}).`);
  }
}
