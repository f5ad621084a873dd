// Where the values of a field are read from. Most fields have columns of their own; a field inside a `nested` object is read
// through the object at hand, and a runtime field is an expression.
import { column, type Expr } from "../clickhouse/sql/ast.ts";
import type { Field } from "../elasticsearch/mapping.ts";

/** Which of a field's columns: doc values (`""`), a text's words, their positions, and the count of its values, or the bounds of
 * ranges. */
export type ColumnSuffix = "" | "#tok" | "#pos" | "#count" | "#from" | "#to";

/** A field as a clause sees it: `read`, where given, stands for its columns. */
export interface SeenField extends Field {
  readonly read?: (suffix: ColumnSuffix) => Expr;
  /** For a field of the object at hand: the values of all objects of the document. */
  readonly inDocument?: (suffix: ColumnSuffix) => Expr;
}

/** The field's values as SQL, of the type that FieldType.columns() gives. */
export function fieldColumn(field: SeenField, suffix: ColumnSuffix = ""): Expr {
  return field.read?.(suffix) ?? column(`${field.column}${suffix}`);
}

/** The same of a whole document, wherever the clause stands: what statements of their own over documents read. */
export function documentColumn(field: SeenField, suffix: ColumnSuffix = ""): Expr {
  return field.inDocument?.(suffix) ?? fieldColumn(field, suffix);
}

/** True for a runtime field: its values are in no column and, as a rule, not in the document's source. */
export function isComputed(field: SeenField): boolean {
  return field.read !== undefined;
}
