// `nested` of a sort key: the values that a document sorts by are those of its objects at a path, as far as `filter` lets them through.
import { childPointer, isObject, type JsonValue, member } from "../../../shared/json.ts";
import { and, call, column, type Expr, isTrue, lambda, literal, TRUE } from "../../clickhouse/sql/ast.ts";
import { fieldType } from "../../elasticsearch/fields/index.ts";
import { type Context, fieldOf } from "../context.ts";
import { enterNested, type NestedContext } from "../enter_nested.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import { fieldColumn, type SeenField } from "../field_column.ts";
import { isEnclosed, overObjects } from "../nested_scope.ts";
import { numberOption, parameters, scalarText } from "../parameters.ts";
import { compileQuery } from "../query/index.ts";

/** The field as `nested` shows it to its documents: its values are those of the objects, one object after the other, not sorted
 * across them. Undefined where these objects don't have it. */
export function nestedField(path: string, nested: JsonValue, pointer: string, context: Context): SeenField | undefined {
  const options = parameters(nested, pointer, "nested", ["path", "filter", "max_children", "nested"]);
  const scope = member(options, "path") ?? null;
  if (scope === null) throw new RejectedRequest("illegal_argument_exception", "malformed nested format. Must start with an object { }");
  const entered = enterNested(context, scalarText(scope), childPointer(pointer, "path"));
  if (entered === undefined) return undefined;
  const filter = member(options, "filter") ?? null;
  const keeps = filter === null ? TRUE : compileQuery(filter, `${pointer}/filter`, entered).where;
  const inner = member(options, "nested") ?? null;
  const most = numberOption(options, "max_children", Number.POSITIVE_INFINITY);
  if (inner !== null && (Number.isFinite(most) || (isObject(inner) && member(inner, "max_children") !== undefined))) {
    throw new UnsupportedClause(`${pointer}/max_children`, "a limit of objects inside objects has no SQL yet");
  }
  const field = inner === null ? fieldOf(entered, path, pointer) : nestedField(path, inner, `${pointer}/nested`, entered);
  return field && { ...field, read: () => valuesOf(field, keeps, entered, most) };
}

function valuesOf(field: SeenField, keeps: Expr, { mapping, scope }: NestedContext, most: number): Expr {
  const none = call("defaultValueOfTypeName", literal(`Array(${fieldType(field)?.element ?? "String"})`));
  const kept = and([isEnclosed(mapping, scope), keeps].filter((each) => !isTrue(each)));
  const own = isTrue(kept) ? fieldColumn(field) : call("if", kept, fieldColumn(field), none);
  const lists = overObjects("arrayMap", mapping, scope, own);
  if (!Number.isFinite(most)) return call("arrayFlatten", lists);
  const present = call("arrayFilter", lambda(["values"], call("notEmpty", column("values"))), lists);
  return call("arrayFlatten", call("arraySlice", present, literal(1), literal(Math.max(0, Math.trunc(most)))));
}
