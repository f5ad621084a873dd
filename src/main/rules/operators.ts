// What each operator of the filter language says of an exchange on its way. Its name, argument and meaning are in the language's own tables.
import { globInList, patternOf } from "../capture/filter/pattern.ts";
import { aggregationTypes, shapeOf } from "../capture/shape.ts";
import { readSearches, type SearchRequest } from "../exchange/search_request.ts";
import type { Told } from "../proxy/sieve.ts";
import { headerOf, type RequestMessage, type ResponseMessage } from "./message.ts";
import type { ExchangeView } from "./view.ts";

export interface ToldOperator {
  test(view: ExchangeView, argument: string): Told;
  /** The head alone tells it: where the pattern is searched for. */
  readonly head?: "url" | "method" | "host";
  /** Only a response tells it. */
  readonly response?: true;
}

type TextOf = (message: RequestMessage | ResponseMessage, view: ExchangeView) => string;

const contentType: TextOf = ({ headers }) => headerOf(headers, "content-type");
const headerLines: TextOf = (message, view) => view.headerLines(message);
const bodyText: TextOf = (message, view) => view.bodyText(message);

function ofRequest(text: TextOf): ToldOperator {
  return { test: (view, pattern) => patternOf(pattern).test(text(view.request, view)) };
}

function ofResponse(text: TextOf): ToldOperator {
  return {
    test: (view, pattern) => (view.response === null ? null : patternOf(pattern).test(text(view.response, view))),
    response: true,
  };
}

function ofEither(text: TextOf): ToldOperator {
  return {
    test: (view, pattern) => {
      if (patternOf(pattern).test(text(view.request, view))) return true;
      return view.response === null ? null : patternOf(pattern).test(text(view.response, view));
    },
  };
}

function statusFits(status: number, argument: string): boolean {
  return /^[1-5]xx$/i.test(argument) ? Math.floor(status / 100) === Number(argument[0]) : status === Number(argument);
}

function searchesOf(view: ExchangeView): readonly SearchRequest[] {
  return view.route.kind === "search" ? readSearches(view.route, view.bodyText(view.request)).searches : [];
}

function namesIndex(view: ExchangeView, glob: string): boolean {
  const { index, endpoint } = view.route;
  const names = [index, ...(endpoint === "_msearch" ? searchesOf(view).map((search) => search.index) : [])];
  return names.some((name) => name === glob || patternOf(globInList(glob)).test(name));
}

const ASSET = /^(text\/javascript|(application\/)(x-)?javascript|text\/css|image\/.*|application\/x-shockwave-flash)/i;

export const TOLD: ReadonlyMap<string, ToldOperator> = new Map<string, ToldOperator>([
  ["u", { test: (view, pattern) => patternOf(pattern).test(view.url), head: "url" }],
  ["m", { test: (view, pattern) => patternOf(pattern).test(view.request.method), head: "method" }],
  ["d", { test: (view, pattern) => patternOf(pattern).test(view.host), head: "host" }],
  ["dst", { test: (view, pattern) => patternOf(pattern).test(view.host), head: "host" }],
  ["c", { test: ({ response }, code) => (response === null ? null : statusFits(response.status, code)), response: true }],
  ["t", ofEither(contentType)],
  ["tq", ofRequest(contentType)],
  ["ts", ofResponse(contentType)],
  ["b", ofEither(bodyText)],
  ["bq", ofRequest(bodyText)],
  ["bs", ofResponse(bodyText)],
  ["h", ofEither(headerLines)],
  ["hq", ofRequest(headerLines)],
  ["hs", ofResponse(headerLines)],
  ["q", { test: ({ response }) => response === null }],
  ["s", { test: ({ response }) => (response === null ? null : true), response: true }],
  ["a", { test: ({ response }) => (response === null ? null : ASSET.test(headerOf(response.headers, "content-type"))), response: true }],
  ["kind", { test: (view, kind) => view.route.kind === kind.toLowerCase() }],
  ["index", { test: namesIndex }],
  ["agg", { test: (view, type) => searchesOf(view).some(({ body }) => aggregationTypes(body).includes(type.toLowerCase())) }],
  ["shape", { test: (view, hash) => searchesOf(view).some(({ endpoint, index, body }) => shapeOf(endpoint, index, body).hash === hash) }],
  ["client", { test: (view, pattern) => patternOf(pattern).test(view.client) }],
  ["http", { test: () => true }],
  ["all", { test: () => true }],
]);
