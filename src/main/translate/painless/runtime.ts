// Runtime fields: `runtime_mappings` of a request and `runtime` of an index mapping, laid over the mapped fields. Each is a field
// whose values are an expression; its script is compiled where a clause first asks for it.
import { isObject, type JsonObject, type JsonValue, member, printJson } from "../../../shared/json.ts";
import { array, call, column, type Expr, literal, param } from "../../clickhouse/sql/ast.ts";
import { unsupportedReason } from "../../elasticsearch/fields/unsupported.ts";
import type { Field, Mapping } from "../../elasticsearch/mapping.ts";
import type { Context, RuntimeField } from "../context.ts";
import { RejectedRequest, UnsupportedClause } from "../failure.ts";
import type { SeenField } from "../field_column.ts";
import { faulty, ScriptFaults } from "../script_faults.ts";
import { INDEX_COLUMN } from "../source.ts";
import { type CompiledEmission, compileEmission } from "./compile.ts";
import { emissionOf } from "./finish.ts";
import { compileFromSource } from "./from_source.ts";
import { readScript } from "./source.ts";

const TYPES = ["boolean", "composite", "date", "double", "geo_point", "geo_shape", "ip", "keyword", "long", "lookup"];

/** The context with the runtime fields of the request and of the indices. Throws RejectedRequest. */
export function withRuntimeFields(context: Context, mappings: JsonValue | undefined): Context {
  const scripts = new ScriptFaults();
  const asked = isObject(mappings) ? mappings : {};
  const own = new Map<string, RuntimeField>();
  const conflicts = new Map(context.conflicts);
  for (const path of context.mapping.runtime.keys()) {
    const conflict = conflictOf(context, path);
    if (conflict === undefined) own.set(path, fieldFor(path, context.mapping.runtime.get(path) ?? {}, indicesWith(context, path)));
    else conflicts.set(path, conflict);
  }
  for (const [path, definition] of Object.entries(asked)) {
    if (definition === null) own.delete(path);
    else own.set(path, fieldFor(path, isObject(definition) ? definition : {}, null));
    conflicts.delete(path);
  }
  if (own.size === 0 && conflicts.size === context.conflicts.size) return { ...context, scripts };
  const over = (mapping: Mapping): Mapping => overlaid(mapping, own, made);
  // The fields read through the context that they are part of.
  const made = (): Context => result;
  const tables = context.tables.map((table) => ({ ...table, mapping: over(table.mapping) }));
  const result: Context = Object.freeze({ ...context, conflicts, tables, mapping: over(context.mapping), runtime: own, scripts });
  return result;
}

function indicesWith(context: Context, path: string): readonly string[] | null {
  const having = context.tables.filter(({ mapping }) => mapping.runtime.has(path)).map(({ index }) => index);
  return having.length === context.tables.length ? null : having;
}

function conflictOf(context: Context, path: string): string | undefined {
  const definitions = new Set(
    context.tables.flatMap(({ mapping }) => {
      const definition = mapping.runtime.get(path);
      return definition === undefined ? [] : [printJson(definition)];
    }),
  );
  if (definitions.size > 1) return `[${path}] is a runtime field with another definition in each index`;
  const mapped = context.tables.find(({ mapping }) => mapping.fields.has(path) && !mapping.runtime.has(path));
  return mapped === undefined ? undefined : `[${path}] is a runtime field in one index and mapped in [${mapped.index}]`;
}

function overlaid(mapping: Mapping, own: ReadonlyMap<string, RuntimeField>, context: () => Context): Mapping {
  const fields = new Map<string, Field>(mapping.fields);
  const aliases = new Map(mapping.aliases);
  for (const [path, runtime] of own) {
    // A field without an SQL is still there, and says so where it is used.
    fields.set(path, runtime.field(context));
    aliases.delete(path);
  }
  return Object.freeze({ ...mapping, fields, aliases, beneath: mapping.beneath ?? mapping });
}

function fieldFor(path: string, definition: JsonObject, indices: readonly string[] | null): RuntimeField {
  const type = String(member(definition, "type") ?? "");
  if (!TYPES.includes(type)) {
    throw new RejectedRequest("mapper_parsing_exception", `The mapper type [${type}] declared on runtime field [${path}] does not exist.`);
  }
  let compiled: CompiledEmission | undefined;
  let compiling = false;
  const compile = (context: Context, pointer: string): CompiledEmission => {
    if (compiling) throw new UnsupportedClause(pointer, `the runtime field [${path}] reads itself`);
    compiling = true;
    try {
      compiled ??= compileField(path, type, definition, indices, context, pointer);
    } finally {
      compiling = false;
    }
    return compiled;
  };
  return {
    field: (context) => seenField(path, type, definition, () => compile(context(), `/runtime_mappings/${path}`)),
    faults: (context, pointer) => compile(context, pointer).faults,
  };
}

function seenField(path: string, type: string, definition: JsonObject, compile: () => CompiledEmission): SeenField {
  const { script: _, ...params } = definition;
  return Object.freeze({
    path,
    type,
    sourcePath: path,
    multiField: false,
    nested: null,
    params,
    column: path,
    read: () => compile().values,
  });
}

const KNOWN = new Set(["type", "script", "format", "locale", "on_script_error", "meta"]);

function compileField(
  path: string,
  type: string,
  definition: JsonObject,
  indices: readonly string[] | null,
  context: Context,
  pointer: string,
): CompiledEmission {
  const refuse = (reason: string): UnsupportedClause => new UnsupportedClause(pointer, `the runtime field [${path}] ${reason}`);
  const unknown = Object.keys(definition).find((name) => !KNOWN.has(name));
  const emission = emissionOf(type);
  if (unknown !== undefined || emission === undefined)
    throw refuse(unknown === undefined ? `of type [${type}] has no SQL yet` : `has [${unknown}]`);
  const script = member(definition, "script");
  const reason = unsupportedReason({
    path,
    type,
    sourcePath: path,
    multiField: false,
    nested: null,
    params: definitionParams(definition),
    column: path,
  });
  if (reason !== null) throw refuse(`is not read: ${reason}`);
  const compiled =
    script === undefined || script === null
      ? compileFromSource(path, type, formatOf(definition), { context, pointer })
      : compileEmission(readScript(script, pointer), { context, pointer }, emission);
  if (typeof compiled === "string") throw refuse(compiled);
  return withinIndices(lenient(compiled, definition, emission.type), indices, emission.type);
}

function formatOf(definition: JsonObject): string | undefined {
  const format = member(definition, "format");
  return typeof format === "string" ? format : undefined;
}

function definitionParams(definition: JsonObject): JsonObject {
  const { script: _, ...params } = definition;
  return params;
}

// `on_script_error: continue`: a document on which the script fails has no value.
function lenient(compiled: CompiledEmission, definition: JsonObject, type: string): CompiledEmission {
  if (member(definition, "on_script_error") !== "continue") return compiled;
  const failing = faulty(compiled.faults, "throws");
  const faults = compiled.faults.filter(({ kind }) => kind === "unknown");
  return { values: call("if", failing, call("CAST", array(), literal(type)), compiled.values), faults };
}

function withinIndices(compiled: CompiledEmission, indices: readonly string[] | null, type: string): CompiledEmission {
  if (indices === null) return compiled;
  const here: Expr = call("has", param("Array(String)", indices), column(INDEX_COLUMN));
  return {
    values: call("if", here, compiled.values, call("CAST", array(), literal(type))),
    faults: compiled.faults.map((fault) => ({ ...fault, when: call("and", here, fault.when) })),
  };
}
