// Every API of Elasticsearch with every form of its path, as the official client knows them: each of its functions is called with
// each choice of path parameters, and what it would have sent is kept.
import { Client, errors } from "@elastic/elasticsearch";

/** One form of an API. */
export interface ApiForm {
  /** As in Elasticsearch's own specification: `indices.put_mapping`. */
  readonly api: string;
  readonly method: string;
  /** Path parameters as `{index}`. */
  readonly path: string;
}

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly meta: { readonly name: string; readonly acceptedParams?: { readonly path?: readonly string[] } };
}

const NEVER_SENT = new Error("kept");
/** What is on the client beside the APIs and their namespaces. */
const NO_APIS: ReadonlySet<string> = new Set(["constructor", "child", "close", "helpers"]);
/** More path parameters than any API has. */
const MOST_PARAMETERS = 5;

/** All forms, by API and path. */
export async function elasticsearchApis(): Promise<readonly ApiForm[]> {
  const client = new Client({ node: "http://localhost:1" });
  const sent: Sent[] = [];
  Object.assign(client.transport, {
    request: (params: Sent) => {
      sent.push(params);
      return Promise.reject(NEVER_SENT);
    },
  });
  for (const call of functionsOf(client)) {
    const parameters = await parametersOf(call, sent);
    for (const params of choices(parameters)) {
      await quietly(call, given(params, parameters));
      await quietly(call, given({ ...params, body: {} }, parameters));
    }
  }
  await client.close();
  const forms = new Map(
    sent.map(({ method, path, meta }) => {
      const form = { api: meta.name, method, path: path.replace(/%7B/g, "{").replace(/%7D/g, "}") };
      return [`${form.api} ${form.path} ${method}`, form] as const;
    }),
  );
  return [...forms.keys()].toSorted().flatMap((key) => forms.get(key) ?? []);
}

type Call = (params: object) => Promise<unknown>;

function functionsOf(client: object): readonly Call[] {
  return membersOf(client).flatMap(([name, value]) => {
    if (NO_APIS.has(name)) return [];
    if (typeof value === "function") return [bound(value, client)];
    if (typeof value !== "object" || value === null) return [];
    return membersOf(value).flatMap(([inner, own]) => (typeof own === "function" && inner !== "constructor" ? [bound(own, value)] : []));
  });
}

function bound(value: object, owner: object): Call {
  return async (params) => (typeof value === "function" ? Reflect.apply(value, owner, [params]) : undefined);
}

function membersOf(object: object): readonly (readonly [string, unknown])[] {
  const names: string[] = [];
  for (let at: object = object; at !== Object.prototype; at = Object.getPrototypeOf(at)) names.push(...Object.getOwnPropertyNames(at));
  const members = [...new Set(names)].map((name) => [name, Reflect.get(object, name)] as const);
  return members.filter(([name]) => !OWN.has(name));
}

/** The client's machinery, which has functions too. */
const OWN: ReadonlySet<string> = new Set(["connectionPool", "transport", "serializer", "diagnostic", "name"]);

/** Its path parameters: it is called as if all there are were given. */
async function parametersOf(call: Call, sent: Sent[]): Promise<readonly string[]> {
  const before = sent.length;
  await quietly(call, given({}, []));
  const [first] = sent.splice(before);
  return first?.meta.acceptedParams?.path ?? [];
}

/** What is asked for beside the path is there, in name. */
function given(params: object, parameters: readonly string[]): object {
  return new Proxy(params, {
    get: (target, name) => {
      if (name in target || typeof name === "symbol" || NOT_ASKED.has(name) || parameters.includes(name)) return Reflect.get(target, name);
      return `{${name}}`;
    },
  });
}

const NOT_ASKED: ReadonlySet<string> = new Set(["body", "querystring"]);

function choices(names: readonly string[]): readonly object[] {
  if (names.length > MOST_PARAMETERS) throw new Error(`an API has ${names.length} path parameters: ${names}`);
  return Array.from({ length: 2 ** names.length }, (_, bits) =>
    Object.fromEntries(names.flatMap((name, i) => ((bits >> i) % 2 === 1 ? [[name, `{${name}}`]] : []))),
  );
}

/** A choice that lacks what the API needs is no form of it. */
async function quietly(call: Call, params: object): Promise<void> {
  await call(params).catch((error: unknown) => {
    if (error !== NEVER_SENT && !(error instanceof TypeError) && !(error instanceof errors.ConfigurationError)) throw error;
  });
}
