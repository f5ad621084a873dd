// The documents that are written from the source: whole pages, and tables between two marks within a page.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openApi } from "../../src/main/contract/openapi.ts";
import { ROUTES } from "../../src/main/contract/routes.ts";
import { WRITES } from "../../src/shared/contract.ts";
import { isObject, member } from "../../src/shared/json.ts";
import { commandLinePage } from "./command_line.ts";

const DOCS = join(import.meta.dirname, "../../docs");
const BEGIN = "<!-- written by `npm run docs` -->";
const END = "<!-- end of what is written by `npm run docs` -->";

/** Every page that is written, or written in part, by its name in `docs/`. */
export function generatedPages(): ReadonlyMap<string, string> {
  return new Map([
    ["cli.md", commandLinePage()],
    ["api.md", withTable("api.md", routeTable())],
  ]);
}

/** The routes of the HTTP API, and what is served beside them. */
function routeTable(): string {
  const told = new Set(ROUTES.map(({ path }) => path.replace(/:(\w+)/g, "{$1}")));
  const { paths } = openApi("");
  const others = Object.entries(isObject(paths) ? paths : {}).flatMap(([path, methods]) =>
    told.has(path) || !isObject(methods)
      ? []
      : Object.entries(methods).map(([method, operation]) => {
          const summary = isObject(operation) ? member(operation, "summary") : "";
          return row(method.toUpperCase(), path, method === "put" ? "always" : "", String(summary).replace(/ These need.*/, ""));
        }),
  );
  const routes = ROUTES.map(({ method, path, request, summary }) => row(method, path, WRITES.includes(request) ? "always" : "", summary));
  return ["| route | token | |", "|---|---|---|", ...routes, ...others].join("\n");
}

function row(method: string, path: string, token: string, summary: string): string {
  return `| \`${method} ${path}\` | ${token} | ${summary.replaceAll("|", "\\|")} |`;
}

/** The page with `table` between its marks. Throws where it has none. */
function withTable(name: string, table: string): string {
  const text = readFileSync(join(DOCS, name), "utf8");
  const [start, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`docs/${name} has no ${BEGIN} … ${END}.`);
  return `${text.slice(0, start + BEGIN.length)}\n${table}\n${text.slice(end)}`;
}
