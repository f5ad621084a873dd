// `nested` and `reverse_nested`: one bucket of the objects of a path in the documents around, and one of what encloses objects.
import type { Context } from "../../context.ts";
import { joinNested } from "../../enter_nested.ts";
import { RejectedRequest } from "../../failure.ts";
import { Parameters } from "../parameters.ts";
import type { ScopeDefinition } from "../types.ts";

export const nested: ScopeDefinition = {
  kind: "scope",
  enter(node, context) {
    const parameters = new Parameters(node);
    const path = parameters.text("path");
    parameters.done();
    if (path === undefined) throw new RejectedRequest("parsing_exception", `Missing [path] field for nested aggregation [${node.name}]`);
    return joinNested(context, path, parameters.pointer("path"));
  },
};

export const reverseNested: ScopeDefinition = {
  kind: "scope",
  enter(node, context) {
    const parameters = new Parameters(node);
    const path = parameters.text("path");
    parameters.done();
    if (context.scope === undefined) {
      const reason = `Reverse nested aggregation [${node.name}] can only be used inside a [nested] aggregation`;
      throw new RejectedRequest("illegal_argument_exception", reason);
    }
    return path === undefined ? outside(context) : around(context, path);
  },
};

function outside({ scope: _, ...context }: Context): Context {
  return context;
}

function around(context: Context, path: string): Context {
  let scope = context.scope;
  while (scope !== undefined && scope.path !== path) scope = scope.around;
  if (scope === undefined) {
    const reason = `Reverse nested path [${path}] is not a parent of the current nested scope [${context.scope?.path}]`;
    throw new RejectedRequest("illegal_argument_exception", reason);
  }
  return { ...context, scope };
}
