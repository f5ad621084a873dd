// What people call dashboards and panels: read from Kibana's saved objects as they stand in its index. A panel is known by
// its saved object's id, or by the place that a dashboard gives it, and then may have a title of its own there.
import { isArray, isObject, type JsonObject, type JsonValue, member, parseObject } from "../../../shared/json.ts";

const SAVED = /^(dashboard|lens|visualization|map|search):(.+)$/s;
const MOST = 10_000;
const LONGEST = 200;

export class SavedTitles {
  /** By the id of a saved object, or of a panel's place in a dashboard. */
  readonly #titles = new Map<string, string>();
  /** A panel's place to the saved object that stands there. */
  readonly #stands = new Map<string, string>();

  /** Takes the titles of all saved objects in an answer of `_search`, `_msearch`, `_mget` or `_doc`. */
  learn(answer: JsonObject): void {
    const found: JsonValue[] = [answer];
    for (const name of ["responses", "docs"]) found.push(...listOf(answer, name));
    for (const one of found) {
      if (!isObject(one)) continue;
      this.#take(one);
      const hits = member(one, "hits");
      if (isObject(hits)) for (const hit of listOf(hits, "hits")) if (isObject(hit)) this.#take(hit);
    }
  }

  /** The title of an id; "" where nothing of it went by. */
  of(id: string): string {
    return this.#titles.get(id) ?? this.#titles.get(this.#stands.get(id) ?? "") ?? "";
  }

  #take(document: JsonObject): void {
    const [, type = "", id = ""] = SAVED.exec(stringOf(document, "_id")) ?? [];
    const source = member(document, "_source");
    const object = type !== "" && isObject(source) ? member(source, type) : undefined;
    if (!isObject(source) || !isObject(object) || this.#titles.size >= MOST) return;
    this.#name(id, stringOf(object, "title"));
    if (type === "dashboard") this.#takePanels(object, listOf(source, "references"));
  }

  #takePanels(dashboard: JsonObject, references: readonly JsonValue[]): void {
    const panels = parseList(stringOf(dashboard, "panelsJSON"));
    for (const panel of panels) {
      if (!isObject(panel)) continue;
      const place = stringOf(panel, "panelIndex");
      const name = stringOf(panel, "panelRefName");
      const config = member(panel, "embeddableConfig");
      const attributes = isObject(config) ? member(config, "attributes") : undefined;
      const titles = [panel, config, attributes].map((holder) => (isObject(holder) ? stringOf(holder, "title") : ""));
      this.#name(place, titles.find((title) => title !== "") ?? "");
      const named = references.find((one) => isObject(one) && name !== "" && [name, `${place}:${name}`].includes(stringOf(one, "name")));
      if (place !== "" && isObject(named)) this.#stands.set(place, stringOf(named, "id"));
    }
  }

  #name(id: string, title: string): void {
    if (id !== "" && title !== "") this.#titles.set(id, title.slice(0, LONGEST));
  }
}

/** The id in a panel's context `type:name:id`, as it is in the saved objects. */
export function panelId(panel: string): string {
  const id = panel.split(":").slice(2).join(":");
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

/** The search for saved objects of these ids, which changes nothing. */
export function savedObjectsQuery(ids: readonly string[]): JsonObject {
  const kinds = ["dashboard", "lens", "visualization", "map", "search"];
  const values = ids.flatMap((id) => kinds.map((kind) => `${kind}:${id}`));
  const titles = kinds.map((kind) => `${kind}.title`);
  return { size: values.length, query: { ids: { values } }, _source: [...titles, "dashboard.panelsJSON", "references"] };
}

function stringOf(object: JsonObject, name: string): string {
  const value = member(object, name);
  return typeof value === "string" ? value : "";
}

function listOf(object: JsonObject, name: string): readonly JsonValue[] {
  const value = member(object, name);
  return isArray(value) ? value : [];
}

// The list is JSON text inside of JSON.
function parseList(text: string): readonly JsonValue[] {
  const wrapped = text === "" ? null : parseObject(`{"panels":${text}}`);
  return wrapped === null ? [] : listOf(wrapped, "panels");
}
