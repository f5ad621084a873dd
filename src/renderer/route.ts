// Where the window is: the part of the address after `#`, e.g. `#/traffic?filter=~verdict%20different&id=12&tab=responses`.
import { useSyncExternalStore } from "react";

export type PageName =
  | "start"
  | "traffic"
  | "exchange"
  | "compare"
  | "indices"
  | "sql"
  | "statistics"
  | "rules"
  | "kibana"
  | "intercept"
  | "profiles"
  | "pipes"
  | "status"
  | "settings";
const PAGES: readonly PageName[] = [
  "start",
  "traffic",
  "exchange",
  "compare",
  "indices",
  "sql",
  "statistics",
  "rules",
  "kibana",
  "intercept",
  "pipes",
  "profiles",
  "status",
  "settings",
];

export interface Route {
  readonly page: PageName;
  /** The exchange of `#/exchange/ID`, or the one chosen in the list. */
  readonly id: number | null;
  readonly filter: string;
  readonly tab: string;
  /** What is chosen where that has a name: a profile. */
  readonly name: string;
}

/** Reads an address; anything unknown is Traffic. */
export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [name = "", id] = path.split("/");
  const params = new URLSearchParams(query);
  const page = PAGES.find((known) => known === name) ?? "traffic";
  return {
    page,
    id: readId(id ?? params.get("id")),
    filter: params.get("filter") ?? "",
    tab: params.get("tab") ?? "overview",
    name: params.get("name") ?? "",
  };
}

function readId(text: string | null | undefined): number | null {
  return text !== null && text !== undefined && /^[0-9]{1,15}$/.test(text) ? Number(text) : null;
}

/** The address of a place. */
export function printRoute(route: Partial<Route> & { readonly page: PageName }): string {
  const params = new URLSearchParams();
  if (route.filter !== undefined && route.filter !== "") params.set("filter", route.filter);
  if (route.page !== "exchange" && route.id !== undefined && route.id !== null) params.set("id", String(route.id));
  if (route.tab !== undefined && route.tab !== "overview") params.set("tab", route.tab);
  if (route.name !== undefined && route.name !== "") params.set("name", route.name);
  const query = params.size > 0 ? `?${params.toString().replaceAll("+", "%20")}` : "";
  return `#/${route.page}${route.page === "exchange" ? `/${route.id ?? ""}` : ""}${query}`;
}

function listen(listener: () => void): () => void {
  addEventListener("hashchange", listener);
  return () => removeEventListener("hashchange", listener);
}

let last: { readonly hash: string; readonly route: Route } = { hash: "\0", route: parseRoute("") };

function current(): Route {
  if (location.hash !== last.hash) last = { hash: location.hash, route: parseRoute(location.hash) };
  return last.route;
}

export function useRoute(): Route {
  return useSyncExternalStore(listen, current);
}

/** Goes somewhere. `replace` leaves no step in the history (moving the selection, changing tabs). */
export function go(route: Partial<Route> & { readonly page: PageName }, replace = false): void {
  const hash = printRoute(route);
  if (hash === location.hash) return;
  if (!replace) {
    location.hash = hash;
    return;
  }
  history.replaceState(null, "", hash);
  dispatchEvent(new HashChangeEvent("hashchange"));
}
