// The names of a mapping as a tree, walked along with each document.
import { isArray, isObject, type JsonObject, type JsonValue, member } from "../../shared/json.ts";

export interface Node {
  readonly children: Map<string, Node>;
  /** Slots of the leaf and its multi-fields, by position. */
  readonly slots: number[];
  readonly leaf: boolean;
  /** An array of numbers is one value here. */
  readonly arrayValued: boolean;
  /** Whatever stands below it belongs to the leaf: a flattened field. */
  readonly keyed: boolean;
  /** A leaf that may have others below it, where objects are no steps of their own (`subobjects: false`): `a` and `a.b` are both fields. */
  readonly mixed: boolean;
  /** Names that are not in the mapping stay unmapped: `dynamic` is false or runtime, or the object is not looked into. */
  readonly closed: boolean;
  /** Nothing below is looked at. */
  readonly opaque: boolean;
  /** Each object here is one of a `nested` path. */
  readonly nested: boolean;
  /** Position of that path in the layout; -1 elsewhere. */
  scope: number;
}

/** Types whose values are objects themselves. */
const TAKES_OBJECTS =
  /^(?:flattened|.*_range|geo_point|geo_shape|point|shape|completion|histogram|aggregate_metric_double|join|percolator|rank_features|sparse_vector|semantic_text|passthrough)$/;
const ARRAY_VALUED: ReadonlySet<string> = new Set(["geo_point", "point", "dense_vector"]);

/** True for a type of which an array of numbers is one value. */
export function isArrayValued(type: string): boolean {
  return ARRAY_VALUED.has(type);
}

/** The tree of the value of `mappings`, without slots. */
export function mappingTree(mappings: JsonObject): Node {
  const root = newNode(mappings, false, false, false);
  addProperties(root, mappings, false, isFlat(mappings));
  return root;
}

/** The node at a path of the mapping. */
export function nodeAt(root: Node, path: string): Node | undefined {
  let node: Node | undefined = root;
  for (const step of path.split(".")) node = node?.children.get(step);
  return node;
}

/** True when the document has a name that the mapping lacks although Elasticsearch would have mapped it. */
export function lacksName(node: Node, object: JsonObject): boolean {
  for (const name in object) {
    const child = node.children.get(name) ?? (name.includes(".") ? nodeAt(node, name) : undefined);
    const value = object[name];
    if ((child?.leaf === true && !child.mixed) || child?.opaque === true || value === undefined) continue;
    if (child === undefined) {
      if (isBelowLeaf(node, name)) continue;
      if (!node.closed && makesField(value)) return true;
    } else if (lacksBelow(child, value)) return true;
  }
  return false;
}

/** True for a dotted name whose beginning is a leaf: what stands below belongs to it. */
export function isBelowLeaf(node: Node, name: string): boolean {
  let at: Node | undefined = node;
  for (const step of name.split(".")) {
    at = at?.children.get(step);
    if (at?.leaf === true && !at.mixed) return true;
  }
  return false;
}

function lacksBelow(node: Node, value: JsonValue): boolean {
  if (isArray(value)) return value.some((item) => lacksBelow(node, item));
  return isObject(value) && lacksName(node, value);
}

/** False for what dynamic mapping makes no field of: null, [], and objects of those. */
function makesField(value: JsonValue): boolean {
  if (value === null) return false;
  if (isArray(value)) return value.some(makesField);
  return isObject(value) ? Object.values(value).some(makesField) : true;
}

function newNode(definition: JsonObject, closedAbove: boolean, leaf: boolean, flat: boolean): Node {
  const dynamic = member(definition, "dynamic");
  const type = member(definition, "type");
  const ownClosed = dynamic === undefined ? closedAbove : String(dynamic) !== "true";
  return {
    children: new Map(),
    slots: [],
    leaf,
    arrayValued: typeof type === "string" && isArrayValued(type),
    keyed: type === "flattened",
    mixed: leaf && flat && !TAKES_OBJECTS.test(String(type)),
    closed: ownClosed,
    opaque: member(definition, "enabled") === false,
    nested: type === "nested",
    scope: -1,
  };
}

function isFlat(definition: JsonObject): boolean {
  const subobjects = member(definition, "subobjects");
  return subobjects !== undefined && String(subobjects) !== "true";
}

function addProperties(node: Node, definition: JsonObject, closedAbove: boolean, flat: boolean): void {
  const properties = member(definition, "properties");
  if (!isObject(properties)) return;
  for (const [name, child] of Object.entries(properties)) {
    if (!isObject(child)) continue;
    const type = member(child, "type");
    const leaf = typeof type === "string" && type !== "object" && type !== "nested";
    // `subobjects: false` keeps dotted names whole: they are steps here all the same.
    const steps = name.split(".");
    const parent = steps.slice(0, -1).reduce((above, step) => childOf(above, step), node);
    const made = newNode(child, node.closed || closedAbove, leaf, flat);
    parent.children.set(steps.at(-1) ?? name, made);
    addProperties(made, child, made.closed, flat || isFlat(child));
  }
}

function childOf(node: Node, name: string): Node {
  const known = node.children.get(name);
  if (known !== undefined) return known;
  const made: Node = {
    children: new Map(),
    slots: [],
    leaf: false,
    arrayValued: false,
    keyed: false,
    mixed: false,
    closed: node.closed,
    opaque: false,
    nested: false,
    scope: -1,
  };
  node.children.set(name, made);
  return made;
}
