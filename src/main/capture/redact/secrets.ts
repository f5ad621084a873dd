// What looks like a secret in a text: where it is, and of which kind. Patterns alone: what they miss has to be chosen by name.
import { SECRET_KINDS, type SecretKind } from "../../../shared/share.ts";
import { REDACTED } from "../redaction.ts";
import type { Edit } from "./edits.ts";

/** The secret is the group `secret`. Quotes may be escaped: JSON in JSON. */
const PATTERNS: Readonly<Record<SecretKind, RegExp>> = {
  credentials: /\b(?:basic|bearer|apikey)\s+(?<secret>[A-Za-z0-9+/=_.~-]{8,})/dgi,
  url_password: /\b[a-z][a-z0-9+.-]*:\/\/(?<secret>[^/?#@\s"\\]+)@/dgi,
  private_key: /(?<secret>-----BEGIN [A-Z ]*PRIVATE KEY-----(?:[^-]|-(?!----END))*(?:-----END [A-Z ]*PRIVATE KEY-----)?)/dg,
  password: member("password|passwd|passphrase|pwd|new_password|password_hash"),
  api_key: member("api[_-]?key|apikey|access[_-]?key|secret[_-]?key|client_secret|secret|encoded"),
  token: new RegExp(
    `${member("access_token|refresh_token|id_token|auth_token|session_token|token").source}|(?<secret2>\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]*)`,
    "gid",
  ),
  email: /(?<secret>\b[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}\b)/dg,
  base64:
    /(?<![A-Za-z0-9+/_=-])(?<secret>(?=[A-Za-z0-9+/_-]*[0-9])(?=[A-Za-z0-9+/_-]*[a-z])(?=[A-Za-z0-9+/_-]*[A-Z])[A-Za-z0-9+/_-]{64,}={0,2})/dg,
};

function member(names: string): RegExp {
  return new RegExp(
    `\\\\*"(?:${names})\\\\*"\\s*:\\s*(?:\\\\*"(?<secret>[^"\\\\]+)|(?<secret1>-?[0-9][0-9.]*))|[?&](?:${names})=(?<secret3>[^&#\\s"]+)`,
    "gid",
  );
}

/** The places of `kinds` in a text. */
export function secretsIn(text: string, kinds: readonly SecretKind[]): readonly (Edit & { readonly kind: SecretKind })[] {
  return SECRET_KINDS.filter((kind) => kinds.includes(kind)).flatMap((kind) => {
    if (kind === "email" && !text.includes("@")) return [];
    return [...text.matchAll(PATTERNS[kind])].flatMap((match) => {
      const groups = match.indices?.groups;
      const place = groups?.secret ?? groups?.secret1 ?? groups?.secret2 ?? groups?.secret3;
      if (place === undefined) return [];
      const [start, end] = place;
      const found = text.slice(start, end);
      if (found.startsWith(REDACTED) || (kind === "credentials" && !looksMade(found))) return [];
      // A number gives way to a string.
      const isNumber = groups?.secret1 !== undefined;
      return [{ kind, start, end, text: isNumber ? `"${REDACTED}"` : REDACTED, by: `secret ${kind}` }];
    });
  });
}

// `basic operations`, `bearer instruments`: words of a text, and no credentials.
function looksMade(value: string): boolean {
  return /[0-9=_/+]/.test(value) || (/[a-z]/.test(value) && /.[A-Z]/.test(value));
}
