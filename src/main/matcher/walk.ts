// Walks two answers side by side. An explicit stack instead of recursion: documents may be 100,000 deep.
import type { JsonObject, JsonValue } from "../../shared/json.ts";
import { isArray, isNumber, isObject, member, printJson } from "../../shared/json.ts";
import type { Tolerance } from "../translate/types.ts";
import { bucketRanking, nameOfBucket } from "./bucket_list.ts";
import type { Disagreement, Findings } from "./disagreement.ts";
import { hitNaming, hitRanking } from "./hit_list.ts";
import type { Alignment, Named, Ranking } from "./keyed_list.ts";
import { align, named, namedLoosely } from "./keyed_list.ts";
import { sameNumber } from "./number.ts";
import type { Place } from "./place.ts";
import { positionOf } from "./place.ts";
import type { Role } from "./role.ts";
import { roleOfElement, roleOfMember } from "./role.ts";
import { sameLeaves } from "./same_tree.ts";
import type { Tolerances } from "./tolerances.ts";

/** Compares everything under `root`, in the order of Elasticsearch's answer, and hands over what it finds. */
export function walk(root: Place, ledger: Findings, tolerances: Tolerances): void {
  const open: Place[] = [root];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const children = compareHere(place, ledger, tolerances);
    for (let index = children.length - 1; index >= 0; index -= 1) {
      const child = children[index];
      if (child !== undefined) open.push(child);
    }
  }
}

const NO_CHILDREN: readonly Place[] = [];

/** Compares one place and gives the places inside it that are still to be compared. */
function compareHere(place: Place, ledger: Findings, tolerances: Tolerances): readonly Place[] {
  const { elasticsearch, clickhouse } = place;
  if (elasticsearch === undefined || clickhouse === undefined) {
    ledger.record(disagree(place, elasticsearch === undefined ? "extra" : "missing"));
    return NO_CHILDREN;
  }
  if (isArray(elasticsearch) && isArray(clickhouse)) {
    if (elasticsearch.length === 0 && clickhouse.length === 0) ledger.comparedLeaves += 1;
    if (place.role.kind === "names") return elementsByPosition(place, inOurOrder(place, elasticsearch, clickhouse, ledger), clickhouse);
    return elementsOf(place, elasticsearch, clickhouse, ledger, tolerances);
  }
  if (isObject(elasticsearch) && isObject(clickhouse)) {
    if (isEmpty(elasticsearch) && isEmpty(clickhouse)) ledger.comparedLeaves += 1;
    return membersOf(place, elasticsearch, clickhouse, ledger);
  }
  compareLeaf(place, elasticsearch, clickhouse, ledger, tolerances);
  return NO_CHILDREN;
}

function compareLeaf(place: Place, elasticsearch: JsonValue, clickhouse: JsonValue, ledger: Findings, tolerances: Tolerances): void {
  if (isNumber(elasticsearch) && isNumber(clickhouse)) {
    if (sameNumber(elasticsearch, clickhouse)) ledger.comparedLeaves += 1;
    else ledger.record({ ...disagree(place, "value"), tolerance: toleranceOf(place, tolerances) });
    return;
  }
  if (elasticsearch === clickhouse) ledger.comparedLeaves += 1;
  else ledger.record(disagree(place, typeName(elasticsearch) === typeName(clickhouse) ? "value" : "type"));
}

function toleranceOf(place: Place, tolerances: Tolerances): Tolerance | undefined {
  if (tolerances.size === 0) return undefined;
  const { role } = place;
  const isScore = role.kind === "score" || (role.kind === "sort_value" && role.clause === "_score");
  return tolerances.at(positionOf(place)) ?? (isScore ? tolerances.ofScores : undefined);
}

function typeName(value: JsonValue): string {
  if (value === null) return "null";
  if (isArray(value)) return "array";
  return isNumber(value) ? "number" : typeof value;
}

// Most leaves of most answers are the same: they need no place of their own.
function isSameLeaf(elasticsearch: JsonValue | undefined, clickhouse: JsonValue | undefined): boolean {
  return Object.is(elasticsearch, clickhouse) && (typeof elasticsearch !== "object" || elasticsearch === null);
}

// Tried where whole answers, hits and buckets begin, and nowhere below: each leaf is looked at once for each list that it is in.
function isSameTree(elasticsearch: JsonValue | undefined, clickhouse: JsonValue | undefined, ledger: Findings): boolean {
  if (elasticsearch === undefined || clickhouse === undefined) return false;
  const leaves = sameLeaves(elasticsearch, clickhouse);
  if (leaves < 0) return false;
  ledger.comparedLeaves += leaves;
  return true;
}

function isEmpty(object: JsonObject): boolean {
  for (const name in object) if (Object.hasOwn(object, name)) return false;
  return true;
}

function membersOf(place: Place, elasticsearch: JsonObject, clickhouse: JsonObject, ledger: Findings): readonly Place[] {
  const children: Place[] = [];
  const add = (name: string) => {
    const theirs = member(elasticsearch, name);
    const ours = member(clickhouse, name);
    if (isSameLeaf(theirs, ours)) {
      ledger.comparedLeaves += 1;
      return;
    }
    if (place.role.kind === "root" && isSameTree(theirs, ours, ledger)) return;
    const role = roleOfMember(place.role, name, theirs ?? ours);
    children.push({ parent: place, step: name, position: name, role, elasticsearch: theirs, clickhouse: ours });
  };
  for (const name of Object.keys(elasticsearch)) add(name);
  for (const name of Object.keys(clickhouse)) if (!Object.hasOwn(elasticsearch, name)) add(name);
  return children;
}

function elementsOf(
  place: Place,
  elasticsearch: readonly JsonValue[],
  clickhouse: readonly JsonValue[],
  ledger: Findings,
  tolerances: Tolerances,
): readonly Place[] {
  const lists = namedLists(place.role, elasticsearch, clickhouse);
  if (lists === null) return elementsByPosition(place, elasticsearch, clickhouse);
  const alignment = align(lists.elasticsearch, lists.clickhouse, rankingOf(place, lists, tolerances));
  const tolerance = place.role.kind === "hit_list" ? tolerances.ofScores : undefined;
  return elementsByName(place, lists, alignment, tolerance, ledger);
}

interface NamedLists {
  readonly elasticsearch: readonly Named[];
  readonly clickhouse: readonly Named[];
}

function namedLists(role: Role, elasticsearch: readonly JsonValue[], clickhouse: readonly JsonValue[]): NamedLists | null {
  if (role.kind !== "hit_list" && role.kind !== "bucket_list") return null;
  const nameOf = role.kind === "hit_list" ? hitNaming(elasticsearch, clickhouse) : nameOfBucket;
  const theirs = named(elasticsearch, nameOf);
  return theirs === null ? null : { elasticsearch: theirs, clickhouse: namedLoosely(clickhouse, nameOf) };
}

function rankingOf(place: Place, lists: NamedLists, tolerances: Tolerances): Ranking {
  const container = isObject(place.parent?.elasticsearch) ? place.parent.elasticsearch : {};
  if (place.role.kind === "hit_list")
    return hitRanking(place.role.search, container, lists.elasticsearch, tolerances.ofOrder.ofScores !== undefined);
  const definition = place.role.kind === "bucket_list" ? place.role.definition : null;
  return bucketRanking(definition, container, lists.clickhouse, { position: positionOf(place), tolerances });
}

// Names come in the order of a hash table, which is open where two share a place in it.
function inOurOrder(place: Place, theirs: readonly JsonValue[], ours: readonly JsonValue[], ledger: Findings): readonly JsonValue[] {
  const text = (names: readonly JsonValue[]): string => printJson([...names].toSorted());
  if (text(theirs) !== text(ours) || printJson(theirs) === printJson(ours)) return theirs;
  ledger.record({ ...disagree(place, "order"), tied: true });
  return ours;
}

function elementsByPosition(place: Place, elasticsearch: readonly JsonValue[], clickhouse: readonly JsonValue[]): readonly Place[] {
  return Array.from({ length: Math.max(elasticsearch.length, clickhouse.length) }, (_, index) => ({
    parent: place,
    step: String(index),
    position: String(index),
    role: roleOfElement(place.role, index),
    elasticsearch: elasticsearch[index],
    clickhouse: clickhouse[index],
  }));
}

/** Pairs to be compared; what only one side has or has elsewhere is recorded at once. */
function elementsByName(
  place: Place,
  lists: NamedLists,
  { pairs }: Alignment,
  tolerance: Tolerance | undefined,
  ledger: Findings,
): readonly Place[] {
  const children: Place[] = [];
  for (const pair of pairs) {
    const theirs = pair.elasticsearch === null ? undefined : lists.elasticsearch[pair.elasticsearch];
    const ours = pair.clickhouse === null ? undefined : lists.clickhouse[pair.clickhouse];
    const child: Place = {
      parent: place,
      step: theirs?.step ?? ours?.step ?? "",
      position: String(pair.clickhouse ?? ""),
      role: roleOfElement(place.role, 0),
      elasticsearch: theirs?.value,
      clickhouse: ours?.value,
    };
    if (theirs === undefined || ours === undefined) {
      ledger.record({ ...disagree(child, theirs === undefined ? "extra" : "missing"), tied: pair.tied, tolerance });
      continue;
    }
    if (pair.order !== "same")
      ledger.record({ ...movedTo(child, pair.elasticsearch, pair.clickhouse, pair.order === "shuffled"), tolerance });
    if (!isSameTree(theirs.value, ours.value, ledger)) children.push(child);
  }
  return children;
}

function movedTo(place: Place, from: number | null, to: number | null, tied: boolean): Disagreement {
  return { kind: "order", place, elasticsearch: from ?? 0, clickhouse: to ?? 0, tied, tolerance: undefined };
}

function disagree(place: Place, kind: Disagreement["kind"]): Disagreement {
  return { kind, place, elasticsearch: place.elasticsearch, clickhouse: place.clickhouse, tied: false, tolerance: undefined };
}
