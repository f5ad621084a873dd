// What the items of two lists are called: buckets by `key`, hits by `_id`, anything else by position. The steps are those
// of `Difference.path`: `[key=7]`, `[_id=a1]`, `[_index=x,_id=a1]` where one id stands for two documents, `[_nested=items.3,_id=a1]` for an
// object inside one, `#2` for a second one.
import { isNumber, isObject, type JsonObject, type JsonValue, member, printJson } from "../../../shared/json.ts";

export interface ItemName {
  /** By which items of both lists belong together: 7 and 7.0 are one key. */
  readonly key: string;
  readonly step: string;
  readonly label: string;
  readonly note: string;
}

export function itemNames(es: readonly JsonValue[], ch: readonly JsonValue[]): readonly [readonly ItemName[], readonly ItemName[]] {
  const all = [...es, ...ch];
  const nameOf = everyHas(all, "key") ? bucketName : everyHas(all, "_id") ? hitName(sharedIds([es, ch])) : null;
  return [namesIn(es, nameOf), namesIn(ch, nameOf)];
}

function everyHas(values: readonly JsonValue[], name: string): boolean {
  return values.length > 0 && values.every((value) => isObject(value) && member(value, name) !== undefined);
}

/** Ids that stand for documents of more than one index. */
function sharedIds(lists: readonly (readonly JsonValue[])[]): ReadonlySet<string> {
  const shared = new Set<string>();
  const indexOf = new Map<string, string>();
  for (const hit of lists.flat()) {
    if (!isObject(hit)) continue;
    const id = text(member(hit, "_id"));
    const index = text(member(hit, "_index"));
    if ((indexOf.get(id) ?? index) !== index) shared.add(id);
    indexOf.set(id, index);
  }
  return shared;
}

function text(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : printJson(value ?? null);
}

type NameOf = (value: JsonObject) => ItemName;

function bucketName(bucket: JsonObject): ItemName {
  const key = member(bucket, "key") ?? null;
  const shown = member(bucket, "key_as_string");
  const label = typeof shown === "string" ? shown : text(key);
  const number = isNumber(key) ? String(Number(key.toString())) : "";
  return {
    key: isNumber(key) && number.length <= 15 ? `n:${number}` : `${typeof key}:${text(key)}`,
    step: `[key=${text(key)}]`,
    label,
    note: label === text(key) ? "" : `key ${text(key)}`,
  };
}

function hitName(shared: ReadonlySet<string>): NameOf {
  return (hit) => {
    const id = text(member(hit, "_id"));
    const index = text(member(hit, "_index"));
    const nested = nestedText(member(hit, "_nested"));
    const parts = [...(shared.has(id) ? [`_index=${index}`] : []), ...(nested === "" ? [] : [`_nested=${nested}`]), `_id=${id}`];
    return { key: `${index}\0${id}\0${nested}`, step: `[${parts.join(",")}]`, label: id, note: nested };
  };
}

function nestedText(nested: JsonValue | undefined): string {
  const steps: string[] = [];
  for (let at = nested; isObject(at); at = member(at, "_nested")) steps.push(text(member(at, "field")), text(member(at, "offset")));
  return steps.join(".");
}

function namesIn(values: readonly JsonValue[], nameOf: NameOf | null): readonly ItemName[] {
  const seen = new Map<string, number>();
  return values.map((value, i) => {
    if (nameOf === null || !isObject(value)) return { key: String(i), step: String(i), label: `[${i}]`, note: "" };
    const name = nameOf(value);
    const times = (seen.get(name.key) ?? 0) + 1;
    seen.set(name.key, times);
    return times === 1 ? name : { ...name, key: `${name.key}#${times}`, step: `${name.step.slice(0, -1)}#${times}]` };
  });
}
