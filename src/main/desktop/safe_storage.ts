// Passwords in `secrets.json` of the data folder, encrypted by the system's key store (Electron's safeStorage). Where the system has none,
// there is no such file: passwords then stay in the config file, for its owner alone to read.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isObject, type JsonValue, parseJson } from "../../shared/json.ts";
import type { SecretStore } from "../config/secrets.ts";
import { replaceFile } from "../replace_file.ts";
import type { SafeStorage } from "./electron.ts";

const FILE = "secrets.json";

/** null where nothing would be encrypted in earnest. Once the app is ready. */
export function openSecretStore(dataFolder: string, storage: SafeStorage): SecretStore | null {
  // Linux without a key store: Chromium would encrypt with a password that everybody knows.
  if (!storage.isEncryptionAvailable() || storage.getSelectedStorageBackend?.() === "basic_text") return null;
  const file = join(dataFolder, FILE);
  const encrypted = new Map(read(file));
  return {
    read: (key) => {
      const text = encrypted.get(key);
      if (text === undefined) return null;
      try {
        return storage.decryptString(Buffer.from(text, "base64"));
      } catch {
        return null; // Of another user or machine: to be written again.
      }
    },
    write: (key, secret) => {
      if (secret === null && !encrypted.has(key)) return;
      if (secret === null) encrypted.delete(key);
      else encrypted.set(key, storage.encryptString(secret).toString("base64"));
      replaceFile(file, JSON.stringify(Object.fromEntries(encrypted), null, 2), 0o600);
    },
  };
}

function read(file: string): readonly (readonly [string, string])[] {
  let value: JsonValue;
  try {
    value = parseJson(readFileSync(file, "utf8"));
  } catch {
    return []; // None yet, or spoilt.
  }
  return isObject(value) ? Object.entries(value).flatMap(([key, text]) => (typeof text === "string" ? [[key, text] as const] : [])) : [];
}
