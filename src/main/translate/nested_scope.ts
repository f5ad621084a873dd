// The objects of a nested path as clauses and aggregations see them: one at a time, its fields read as a document's own are. Inside
// a scope the columns of the object at hand have their own names: `comments/author#1` for `comments/author`.
import { and, binary, call, column, type Expr, isTrue, lambda, literal } from "../clickhouse/sql/ast.ts";
import { columnName } from "../elasticsearch/column_name.ts";
import { pathAround, placedIn, upColumn } from "../elasticsearch/columns.ts";
import { fieldType } from "../elasticsearch/fields/index.ts";
import type { Field, Mapping } from "../elasticsearch/mapping.ts";
import type { ColumnSuffix, SeenField } from "./field_column.ts";
import { columnsIn } from "./source.ts";

export interface NestedScope {
  readonly path: string;
  /** 1 for the first scope of a statement; ends the names of its columns. */
  readonly level: number;
  /** The scope of the enclosing object; undefined where the documents are around. */
  readonly around: NestedScope | undefined;
}

/** The field as it is in the object at hand; undefined where objects of this path don't have it. */
export function fieldInScope(field: Field, scope: NestedScope): SeenField | undefined {
  const placed = placedIn(field, scope.path);
  if (placed === undefined) return undefined;
  const inDocument = (suffix: ColumnSuffix): Expr => call("arrayFlatten", column(`${placed.column}${suffix}`));
  return { ...placed, column: marked(placed.column, scope), inDocument };
}

/** The number, from 1, of the object at hand among all of its path. */
export function objectNumber(scope: NestedScope): Expr {
  return column(marked(columnName(scope.path), scope));
}

/** How many objects of a path a document has. */
export function objectCount(path: string): Expr {
  return call("length", column(upColumn(path)));
}

/** A name of a scope's column, and the array with its value for each object. */
export interface ObjectColumn {
  readonly name: string;
  readonly values: Expr;
}

/** The columns of the object at hand that the expressions use; the object's number at least. */
export function objectColumns(mapping: Mapping, scope: NestedScope, used: ReadonlySet<string>): readonly ObjectColumn[] {
  const up = upColumn(scope.path);
  const all: ObjectColumn[] = [
    { name: marked(up, scope), values: column(up) },
    ...[...mapping.fields.values()].flatMap((field) => columnsOf(field, scope)),
  ].filter(({ name }) => used.has(name));
  const number = { name: marked(columnName(scope.path), scope), values: call("arrayEnumerate", column(up)) };
  return all.length === 0 || used.has(number.name) ? [number, ...all] : all;
}

function columnsOf(field: Field, scope: NestedScope): readonly ObjectColumn[] {
  const placed = placedIn(field, scope.path);
  const seen = fieldInScope(field, scope);
  const type = fieldType(field);
  if (placed === undefined || seen === undefined || type === undefined) return [];
  const names = type.columns(seen);
  // A column that came later than the row holds no object at all.
  return type.columns(placed).map(({ name }, i) => ({
    name: names[i]?.name ?? "",
    values: call("arrayResize", column(name), objectCount(scope.path)),
  }));
}

/** True for the objects at hand that the object around encloses; TRUE where that is the document. */
export function isEnclosed(mapping: Mapping, scope: NestedScope): Expr {
  if (scope.around === undefined) return literal(1);
  let enclosing: Expr = column(marked(upColumn(scope.path), scope));
  for (let path = pathAround(mapping, scope.path); path !== null && path !== scope.around.path; path = pathAround(mapping, path)) {
    enclosing = call("arrayElement", column(upColumn(path)), enclosing);
  }
  return binary(enclosing, "=", objectNumber(scope.around));
}

/** `arrayExists(object -> body, objects)`, or another function of its kind. */
export function overObjects(name: string, mapping: Mapping, scope: NestedScope, body: Expr): Expr {
  const columns = objectColumns(mapping, scope, columnsIn([body]));
  return call(
    name,
    lambda(
      columns.map((each) => each.name),
      body,
    ),
    ...columns.map((each) => each.values),
  );
}

/** True where one of the enclosed objects fulfils the condition. */
export function someObject(mapping: Mapping, scope: NestedScope, condition: Expr): Expr {
  if (isTrue(condition) && scope.around === undefined) return call("notEmpty", column(upColumn(scope.path)));
  return overObjects("arrayExists", mapping, scope, and([isEnclosed(mapping, scope), condition].filter((each) => !isTrue(each))));
}

function marked(name: string, { level }: NestedScope): string {
  return `${name}#${level}`;
}
