// One operator of the filter language: its spelling, its meaning for the completion, and its condition in SQL.

export interface Condition {
  /** Over `exchanges e`; every value is a `?`. */
  readonly where: string;
  readonly parameters: readonly (string | number)[];
  /** True when it reads bodies or headers, or what else is no column. */
  readonly scans?: boolean;
  /** A pattern on the URL and nothing else: many of them are searched for at once. */
  readonly url?: string;
}

export type ConditionResult = Condition | { readonly wrong: string };

export interface Operator {
  /** Without the tilde. */
  readonly name: string;
  /** What follows it, for the completion: `REGEX`, `VERDICT`; "" when nothing does. */
  readonly argument: string;
  readonly meaning: string;
  /** `wrong` is said of the argument. */
  condition(argument: string): ConditionResult;
}

/** An operator without an argument. */
export function flag(name: string, meaning: string, where: string, scans = false): Operator {
  return Object.freeze({ name, argument: "", meaning, condition: () => ({ where, parameters: [], scans }) });
}
