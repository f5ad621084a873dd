// Certificates of our own authority and of the hosts that it vouches for (RFC 5280), on P-256: a key takes 0.1 ms to make, so
// that each host gets one when it is first asked for. Pure but for the randomness of keys and serial numbers.
import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { bits, integer, objectIdentifier, octets, sequence, set, TRUE, tagged, time, utf8 } from "./der.ts";

export interface Authority {
  /** PEM. */
  readonly certificate: string;
  readonly key: KeyObject;
}

/** PEM of both. */
export interface Identity {
  readonly certificate: string;
  readonly key: string;
}

const DAY_MS = 86_400_000;
const AUTHORITY_DAYS = 3650;
/** Apple takes none for longer than 825 days, 398 where it is as strict as with public ones. */
const HOST_DAYS = 365;
/** Clocks differ. */
const BEFORE_DAYS = 1;

const ECDSA_WITH_SHA256 = sequence(objectIdentifier("1.2.840.10045.4.3.2"));
const COMMON_NAME = objectIdentifier("2.5.4.3");
const ORGANISATION = objectIdentifier("2.5.4.10");
const SERVER_AUTHENTICATION = objectIdentifier("1.3.6.1.5.5.7.3.1");
/** Of KeyUsage's bits: digitalSignature; keyCertSign and cRLSign. */
const SIGNS = bits(Buffer.from([0b1000_0000]), 7);
const SIGNS_CERTIFICATES = bits(Buffer.from([0b0000_0110]), 1);
/** A common name may have 64 characters; the names that count are in subjectAltName. */
const LONGEST_COMMON_NAME = 64;

/** A new authority by that name. */
export function makeAuthority(commonName: string, now: Date): Authority {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = distinguishedName(commonName);
  const key = spki(publicKey);
  const certificate = signed(privateKey, {
    issuer: name,
    subject: name,
    key,
    from: daysAfter(now, -BEFORE_DAYS),
    until: daysAfter(now, AUTHORITY_DAYS),
    extensions: [
      // No authority below this one.
      extension("2.5.29.19", sequence(TRUE, integer(Buffer.from([0]))), "critical"),
      extension("2.5.29.15", SIGNS_CERTIFICATES, "critical"),
      extension("2.5.29.14", octets(keyIdentifier(key))),
    ],
  });
  return { certificate, key: privateKey };
}

/** What a server called `host` (a DNS name, or an address without brackets) shows to clients that trust the authority. */
export function makeHostIdentity(authority: Authority, host: string, now: Date): Identity {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = spki(publicKey);
  const issuer = new X509Certificate(authority.certificate);
  const certificate = signed(authority.key, {
    issuer: distinguishedName(commonNameOf(issuer)),
    subject: distinguishedName(host.length > LONGEST_COMMON_NAME ? "a host with a long name" : host),
    key,
    from: daysAfter(now, -BEFORE_DAYS),
    until: daysAfter(now, HOST_DAYS),
    extensions: [
      extension("2.5.29.19", sequence(), "critical"),
      extension("2.5.29.15", SIGNS, "critical"),
      extension("2.5.29.37", sequence(SERVER_AUTHENTICATION)),
      extension("2.5.29.17", sequence(alternativeName(host))),
      extension("2.5.29.14", octets(keyIdentifier(key))),
      // OpenSSL's strict check, Python's from 3.13 on, asks for it.
      extension("2.5.29.35", sequence(tagged(0, keyIdentifier(spki(issuer.publicKey)), "implicit"))),
    ],
  });
  return { certificate, key: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
}

/** An authority from what was kept of it. Throws when the two are not of one pair or can't be read. */
export function readAuthority(certificate: string, key: string): Authority {
  const privateKey = createPrivateKey(key);
  const read = new X509Certificate(certificate);
  if (!read.ca || !read.checkPrivateKey(privateKey)) throw new Error("the certificate and the key do not belong together");
  return { certificate: read.toString(), key: privateKey };
}

interface Content {
  readonly issuer: Buffer;
  readonly subject: Buffer;
  /** SubjectPublicKeyInfo. */
  readonly key: Buffer;
  readonly from: Date;
  readonly until: Date;
  readonly extensions: readonly Buffer[];
}

function signed(signer: KeyObject, { issuer, subject, key, from, until, extensions }: Content): string {
  const version3 = tagged(0, integer(Buffer.from([2])), "explicit");
  const serial = randomBytes(16);
  // From 64 to 127: never 0, and no octet of it is left out.
  serial[0] = 0x40 | ((serial[0] ?? 0) & 0x3f);
  const content = sequence(
    version3,
    integer(serial),
    ECDSA_WITH_SHA256,
    issuer,
    sequence(time(from), time(until)),
    subject,
    key,
    tagged(3, sequence(...extensions), "explicit"),
  );
  const certificate = sequence(content, ECDSA_WITH_SHA256, bits(sign("sha256", content, signer)));
  return new X509Certificate(certificate).toString();
}

function spki(key: KeyObject): Buffer {
  return key.export({ type: "spki", format: "der" });
}

/** Any value that tells keys apart will do (RFC 5280 section 4.2.1.2). */
function keyIdentifier(key: Buffer): Buffer {
  return createHash("sha256").update(key).digest().subarray(0, 20);
}

function distinguishedName(commonName: string): Buffer {
  const part = (type: Buffer, text: string): Buffer => set(sequence(type, utf8(text)));
  return sequence(part(ORGANISATION, "Parallax"), part(COMMON_NAME, commonName));
}

/** As it stands in a certificate of ours: its subject ends in the common name. */
function commonNameOf(certificate: X509Certificate): string {
  return /^CN=(.*)$/m.exec(certificate.subject)?.[1] ?? "";
}

function alternativeName(host: string): Buffer {
  return isIP(host) === 0 ? tagged(2, Buffer.from(host, "latin1"), "implicit") : tagged(7, addressOctets(host), "implicit");
}

function addressOctets(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split(".").map(Number));
  const [, written = ""] = /^\[(.*)\]$/.exec(new URL(`http://[${address}]`).hostname) ?? [];
  const [left = "", right] = written.split("::");
  const groups = (text: string | undefined): number[] =>
    text === undefined || text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16));
  const [before, after] = [groups(left), groups(right)];
  const all = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}

function extension(identifier: string, content: Buffer, weight: "critical" | "plain" = "plain"): Buffer {
  return sequence(objectIdentifier(identifier), ...(weight === "critical" ? [TRUE] : []), octets(content));
}

function daysAfter(date: Date, days: number): Date {
  return new Date(date.getTime() + days * DAY_MS);
}
