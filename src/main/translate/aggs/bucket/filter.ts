// `filter`, `missing`, `global`: one bucket. They need no statement of their own: their condition goes into those around them.
import { call, FALSE, TRUE } from "../../../clickhouse/sql/ast.ts";
import { RejectedRequest } from "../../failure.ts";
import { compileOwnQuery } from "../own_query.ts";
import { Parameters } from "../parameters.ts";
import type { SingleBucketDefinition } from "../types.ts";
import { valuesOf } from "../values.ts";

export const filter: SingleBucketDefinition = {
  kind: "single",
  condition(node, context) {
    if (Object.keys(node.body).length === 0) throw new RejectedRequest("illegal_argument_exception", "query malformed, empty clause found");
    return compileOwnQuery(node.body, node.pointer, context).where;
  },
};

export const missing: SingleBucketDefinition = {
  kind: "single",
  condition(node, context) {
    const parameters = new Parameters(node);
    const hasSubstitute = parameters.value("missing") !== undefined;
    const values = valuesOf(parameters, context);
    parameters.done();
    if (hasSubstitute) return FALSE;
    return values === undefined ? TRUE : call("empty", values.expr);
  },
};

export const globalBucket: SingleBucketDefinition = {
  kind: "single",
  global: true,
  condition(node) {
    new Parameters(node).done();
    return TRUE;
  },
};
