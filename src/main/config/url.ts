// The addresses of Elasticsearch and ClickHouse, as people give them.
import { addressesOf } from "../proxy/upstream.ts";

/** "" when `text` is an http or https URL of a server, or several with commas between; else what is wrong with it, to be put after its name. */
export function urlProblem(text: string): string {
  const addresses = addressesOf(text);
  return addresses.length === 0 ? oneProblem(text) : (addresses.map(oneProblem).find((problem) => problem !== "") ?? "");
}

function oneProblem(text: string): string {
  const url = URL.parse(text);
  const shown = JSON.stringify(text.replace(/\/\/[^/@]*@/, "//…@"));
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:") || url.hostname === "") {
    return `is ${shown}, which is no http or https URL; write it like http://localhost:9200.`;
  }
  if (url.search !== "" || url.hash !== "") return `is ${shown}; give only scheme, host, port and path, like http://localhost:9200.`;
  return hasReadableUser(url) ? "" : `is ${shown}, whose user or password has a stray %; write it as %25.`;
}

function hasReadableUser({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}
