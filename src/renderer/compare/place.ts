// Where one is in Compare: what is grouped by, and what narrows it, as the address keeps them. A step goes one group closer.
import { CLOSER, COMPARE_BY, type CompareBy, type CompareCrumb, type CompareWithin, insideGroup } from "../../shared/compare.ts";
import type { ShareOf } from "../../shared/share.ts";
import { go, type Route } from "../route.ts";
import { strings } from "../strings.ts";
import { clientName } from "../traffic/client_name.ts";
import { both } from "../traffic/filter_language.ts";
import { clock } from "../ui/format.ts";

export interface ComparePlace {
  readonly by: CompareBy;
  readonly filter: string;
  readonly within: CompareWithin;
}

const NAMED = ["application", "dashboard", "panel", "shape", "index"] as const;

/** The place of an address: `tab` is what is grouped by, `name` what narrows it. */
export function placeOf(route: Route): ComparePlace {
  const params = new URLSearchParams(route.name);
  const names = NAMED.flatMap((name) => {
    const value = params.get(name);
    return value === null ? [] : [[name, value] as const];
  });
  const times = (["since", "until"] as const).flatMap((name) => {
    const value = params.get(name) ?? "";
    return /^[0-9]{1,15}$/.test(value) ? [[name, Number(value)] as const] : [];
  });
  const by = COMPARE_BY.find((known) => known === route.tab) ?? "shape";
  return { by, filter: route.filter, within: Object.fromEntries([...names, ...times]) };
}

export function goTo({ by, filter, within }: ComparePlace, replace = false): void {
  go({ page: "compare", tab: by, filter, name: nameOf(within) }, replace);
}

function nameOf(within: CompareWithin): string {
  const pairs = Object.entries(within).filter(([, value]) => value !== undefined);
  return new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
}

/** The place inside of a group; null where only its exchanges are. */
export function closer(place: ComparePlace, key: string, bucketMs: number | null): ComparePlace | null {
  const by = CLOSER[place.by];
  return by === null ? null : { ...place, by, within: inside(place, key, bucketMs) };
}

/** What narrows a place to one of its groups. */
export function inside({ by, within }: ComparePlace, key: string, bucketMs: number | null): CompareWithin {
  return insideGroup(by, within, key, bucketMs);
}

/** The place where the groups of a crumb are chosen from. */
export function before(place: ComparePlace, crumbs: readonly CompareCrumb[], at: number): ComparePlace {
  const kept = crumbs.slice(0, at).flatMap(({ by }): readonly string[] => (by === "time" ? ["since", "until"] : [by]));
  const within = Object.fromEntries(Object.entries(place.within).filter(([name]) => kept.includes(name)));
  return { by: crumbs[at]?.by ?? place.by, filter: place.filter, within };
}

/** The exchanges of a place as Traffic filters them. It has no filter by time. */
export function trafficFilter(filter: string, within: CompareWithin): string {
  const terms = NAMED.flatMap((name) => {
    const value = within[name];
    return value === undefined ? [] : [`~${name} ${quoted(value)}`];
  });
  return both(filter, terms.join(" & "));
}

function quoted(value: string): string {
  return /^[A-Za-z0-9_.:*-]+$/.test(value) ? value : `"${value.replaceAll('"', '\\"')}"`;
}

/** The searches of a place, to hand on. */
export function sharedPlace(filter: string, within: CompareWithin): ShareOf {
  const { since, until } = within;
  const narrowed = trafficFilter(filter, within);
  return {
    filter: narrowed === "" ? "~kind search" : narrowed,
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
  };
}

/** What a group is called. */
export function groupName({ by, key, title }: CompareCrumb): string {
  if (by === "time") return clock(Number(key)).time;
  if (title !== "") return title;
  if (key === "") return strings.compare.none[by];
  return by === "panel" ? clientName(`kibana:${key}`).main : key;
}
