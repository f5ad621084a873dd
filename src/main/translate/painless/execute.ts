// Statements of a script, run on symbols: a branch that returns goes its own way, others are joined again.
import { array, binary, call, column, type Expr, lambda, literal } from "../../clickhouse/sql/ast.ts";
import { columnsIn } from "../source.ts";
import { itemOf } from "./document.ts";
import { cast, condition, evaluate, isNumberType, type Scope } from "./evaluate.ts";
import type { Fault, Machine } from "./machine.ts";
import { castNumber, isNumeric, operate } from "./operators.ts";
import { type Expression, ScriptNotRead, type Statement } from "./tree.ts";
import { chosen, constant, isFalse, type Leaf, leaf, merge, NULL, negated, type Value } from "./value.ts";

/** `emit`: what is emitted so far, and how a call of it adds to that. */
export interface Emission {
  readonly type: string;
  add(emitted: Expr, args: readonly Value[], machine: Machine): Expr;
}

interface State extends Scope {
  readonly emitted: Expr;
}

type Outcome =
  | { readonly kind: "open"; readonly state: State }
  | { readonly kind: "returned"; readonly value: Value; readonly emitted: Expr }
  | { readonly kind: "split"; readonly test: Expr; readonly yes: Outcome; readonly no: Outcome };

export interface Result {
  readonly value: Value;
  readonly emitted: Expr;
}

/** Runs a script to its end. Throws ScriptNotRead. */
export function execute(script: readonly Statement[], scope: Scope, emission: Emission | null, machine: Machine): Result {
  const run = new Execution(emission, machine);
  const nothing = emission === null ? literal(0) : call("CAST", array(), literal(emission.type));
  return ended(run.all(script, { ...scope, emitted: nothing }, true));
}

function ended(outcome: Outcome): Result {
  if (outcome.kind === "open") return { value: NULL, emitted: outcome.state.emitted };
  if (outcome.kind === "returned") return outcome;
  const [yes, no] = [ended(outcome.yes), ended(outcome.no)];
  return { value: merge(outcome.test, yes.value, no.value), emitted: chosen(outcome.test, yes.emitted, no.emitted) };
}

class Execution {
  readonly #emission: Emission | null;
  readonly #machine: Machine;

  constructor(emission: Emission | null, machine: Machine) {
    this.#emission = emission;
    this.#machine = machine;
  }

  /** `last`: the value of the last expression is that of the script. */
  all(statements: readonly Statement[], start: State, last: boolean): Outcome {
    let outcome: Outcome = { kind: "open", state: start };
    for (const [i, statement] of statements.entries()) {
      const final = last && i === statements.length - 1 && this.#emission === null;
      outcome = this.#resume(outcome, (state) => this.#one(statement, state, final));
    }
    return outcome;
  }

  #resume(outcome: Outcome, next: (state: State) => Outcome): Outcome {
    switch (outcome.kind) {
      case "open":
        return next(outcome.state);
      case "returned":
        return outcome;
      case "split":
        return {
          ...outcome,
          yes: this.#machine.under(outcome.test, () => this.#resume(outcome.yes, next)),
          no: this.#machine.under(negated(outcome.test), () => this.#resume(outcome.no, next)),
        };
    }
  }

  #one(statement: Statement, state: State, last: boolean): Outcome {
    switch (statement.kind) {
      case "declare":
        return open({ ...state, variables: new Map(state.variables).set(statement.name, this.#declared(statement, state)) });
      case "expression":
        return this.#expression(statement.value, state, last);
      case "return":
        return { kind: "returned", value: statement.value === null ? NULL : this.#value(statement.value, state), emitted: state.emitted };
      case "if":
        return this.#branch(statement, state);
      case "each":
        return open(this.#each(statement.name, this.#value(statement.over, state), statement.body, state));
      case "for":
        return open(this.#counted(statement, state));
    }
  }

  #value(node: Expression, state: State): Value {
    return evaluate(node, state, this.#machine);
  }

  #declared(statement: Extract<Statement, { kind: "declare" }>, state: State): Value {
    if (statement.value === null) return statement.type === "def" || !isNumberType(statement.type) ? NULL : constant(statement.type, 0);
    return this.#assigned(statement.type, this.#value(statement.value, state));
  }

  // A declaration takes what fits without loss; a def that does not fit fails at run time.
  #assigned(type: string, value: Value): Value {
    if (!isNumberType(type)) return cast(type, value, this.#machine);
    const order = ["int", "long", "float", "double"];
    return this.#machine.liftLeaf(value, (one) => {
      if (isNumeric(one) && order.indexOf(one.type) > order.indexOf(type)) {
        if (!one.def) throw new ScriptNotRead(`a ${one.type} does not fit into [${type}]`);
        this.#machine.throws(literal(1), `a ${one.type} is no [${type}]`);
      }
      return cast(type, one, this.#machine);
    });
  }

  #expression(node: Expression, state: State, last: boolean): Outcome {
    if (node.kind === "assign") return open(this.#assign(node, state));
    if (this.#emission !== null && node.kind === "call" && node.of === null && node.name === "emit") {
      const args = node.args.map((arg) => this.#value(arg, state));
      return open({ ...state, emitted: this.#emission.add(state.emitted, args, this.#machine) });
    }
    const value = this.#value(node, state);
    return last ? { kind: "returned", value, emitted: state.emitted } : open(state);
  }

  #assign(node: Extract<Expression, { kind: "assign" }>, state: State): State {
    if (node.target.kind !== "name") throw new ScriptNotRead("assigning to anything but a variable is not translated");
    const { name } = node.target;
    const before = state.variables.get(name);
    if (before === undefined) throw new ScriptNotRead(`the variable [${name}] is not declared`);
    const value = this.#value(node.value, state);
    const result = node.op === "=" ? value : operate(node.op, before, value, this.#machine);
    // A variable of a number type keeps it.
    const typed = before.kind === "leaf" && !before.def && isNumeric(before) && isNumberType(before.type);
    const kept = typed && isNumberType(before.type) ? cast(before.type, result, this.#machine) : result;
    return { ...state, variables: new Map(state.variables).set(name, kept) };
  }

  #branch(statement: Extract<Statement, { kind: "if" }>, state: State): Outcome {
    const test = condition(statement.test, state, this.#machine);
    if (isFalse(test)) return this.#inner(statement.no, state);
    if (isFalse(negated(test))) return this.#inner(statement.yes, state);
    const yes = this.#machine.under(test, () => this.#inner(statement.yes, state));
    const no = this.#machine.under(negated(test), () => this.#inner(statement.no, state));
    if (yes.kind !== "open" || no.kind !== "open") return { kind: "split", test, yes, no };
    return open(joined(test, yes.state, no.state, state));
  }

  // Names declared inside a block end with it.
  #inner(statements: readonly Statement[], state: State): Outcome {
    return scoped(this.all(statements, state, false), state);
  }

  #counted(statement: Extract<Statement, { kind: "for" }>, state: State): State {
    const [start, ...others] = statement.before;
    const { test, after } = statement;
    if (start?.kind !== "declare" || start.value === null || others.length > 0) throw unreadLoop();
    const { name } = start;
    const upwards = after?.kind === "assign" && after.target.kind === "name" && after.target.name === name && after.op === "+";
    if (!upwards || after.value.kind !== "number" || after.value.value !== 1) throw unreadLoop();
    if (test?.kind !== "binary" || (test.op !== "<" && test.op !== "<=") || test.left.kind !== "name" || test.left.name !== name) {
      throw unreadLoop();
    }
    const [from, to] = [this.#value(start.value, state), this.#value(test.right, state)];
    if (from.kind !== "leaf" || from.type !== "int" || to.kind !== "leaf" || to.type !== "int") throw unreadLoop();
    const end = test.op === "<" ? to.expr : binary(to.expr, "+", literal(1));
    const each = this.#machine.fresh();
    const numbers = call("arrayMap", lambda([each], call("toInt32", column(each))), call("range", from.expr, end));
    return this.#each(name, { ...leaf("list", numbers), element: "int" }, statement.body, state);
  }

  #each(name: string, over: Value, body: readonly Statement[], state: State): State {
    if (over.kind !== "leaf" || over.type !== "list") throw new ScriptNotRead("a loop over anything but a list is not translated");
    const item = this.#machine.fresh();
    const bound: Leaf = { ...itemOf(over, literal(1)), expr: column(item) };
    const inside = (variables: ReadonlyMap<string, Value>): State => ({ ...state, variables: new Map(variables).set(name, bound) });
    const { result, faults } = this.#machine.apart(() => this.#once(body, inside(state.variables)));
    const changed = [...state.variables].filter(([each, value]) => result.variables.get(each) !== value).map(([each]) => each);
    const [only, ...others] = changed;
    if (only === undefined) return this.#emittedByEach(over, item, state, result, faults);
    if (others.length > 0 || result.emitted !== state.emitted) {
      throw new ScriptNotRead("a loop that changes several things is not translated");
    }
    return { ...state, variables: new Map(state.variables).set(only, this.#folded(over, item, only, body, inside, state)) };
  }

  #once(body: readonly Statement[], start: State): State {
    const outcome = this.#inner(body, start);
    if (outcome.kind !== "open") throw new ScriptNotRead("[return] inside a loop is not translated");
    return outcome.state;
  }

  #emittedByEach(over: Leaf, item: string, state: State, result: State, faults: readonly Fault[]): State {
    this.#faultOfSome(over, item, faults);
    if (result.emitted === state.emitted) return state;
    const own = addedTo(result.emitted, state.emitted, call("CAST", array(), literal(this.#emission?.type ?? "")));
    const all = call("arrayFlatten", call("arrayMap", lambda([item], own), over.expr));
    return { ...state, emitted: call("arrayConcat", state.emitted, all) };
  }

  #faultOfSome(over: Leaf, item: string, faults: readonly Fault[]): void {
    for (const { kind, when, reason } of faults) {
      const some = call("arrayExists", lambda([item], when), over.expr);
      if (kind === "throws") this.#machine.throws(some, reason);
      else this.#machine.unknown(some, reason);
    }
  }

  #folded(
    over: Leaf,
    item: string,
    name: string,
    body: readonly Statement[],
    inside: (variables: ReadonlyMap<string, Value>) => State,
    state: State,
  ): Value {
    const start = state.variables.get(name);
    if (start?.kind !== "leaf") throw new ScriptNotRead(`[${name}] changes in a loop, which is not translated`);
    const sum = this.#machine.fresh();
    let type = start.type;
    for (let tries = 0; tries < 2; tries += 1) {
      const first = type !== start.type && isNumberType(type) ? castNumber(start, type, this.#machine) : start.expr;
      const accumulated: Leaf = { ...leaf(type, column(sum)), def: start.def };
      const { result, faults } = this.#machine.apart(() => this.#once(body, inside(new Map(state.variables).set(name, accumulated))));
      const value = result.variables.get(name);
      if (value?.kind !== "leaf" || columnsIn(faults.map(({ when }) => when)).has(sum)) break;
      if (value.type === type) {
        this.#faultOfSome(over, item, faults);
        const folded = leaf(type, call("arrayFold", lambda([sum, item], value.expr), over.expr, first), start.def);
        return merge(call("empty", over.expr), start, folded);
      }
      type = value.type;
    }
    throw new ScriptNotRead(`[${name}] changes in a loop in a way that is not translated`);
  }
}

const open = (state: State): Outcome => ({ kind: "open", state });

const unreadLoop = (): ScriptNotRead => new ScriptNotRead("only loops that count upwards by one are translated");

function scoped(outcome: Outcome, outer: State): Outcome {
  if (outcome.kind === "returned") return outcome;
  if (outcome.kind === "split") return { ...outcome, yes: scoped(outcome.yes, outer), no: scoped(outcome.no, outer) };
  const variables = new Map([...outer.variables.keys()].map((name) => [name, outcome.state.variables.get(name) ?? NULL]));
  return open({ ...outcome.state, variables });
}

function joined(test: Expr, yes: State, no: State, outer: State): State {
  const variables = new Map(
    [...outer.variables.keys()].map((name) => [name, merge(test, yes.variables.get(name) ?? NULL, no.variables.get(name) ?? NULL)]),
  );
  return { ...outer, variables, emitted: chosen(test, yes.emitted, no.emitted) };
}

// What a body emitted beyond what was emitted before it.
function addedTo(emitted: Expr, before: Expr, nothing: Expr): Expr {
  if (emitted === before) return nothing;
  if (emitted.kind !== "call") throw new ScriptNotRead("emitting in this loop is not translated");
  return { ...emitted, args: emitted.args.map((arg, i) => (i === 0 && emitted.name === "if" ? arg : addedIn(arg, before, nothing))) };
}

function addedIn(arg: Expr, before: Expr, nothing: Expr): Expr {
  if (arg === before) return nothing;
  return arg.kind === "call" && ["if", "arrayPushBack", "arrayConcat"].includes(arg.name) ? addedTo(arg, before, nothing) : arg;
}
