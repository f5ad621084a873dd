// docs/write-apis.md: what becomes of each API that may change documents or schema, made of the code's table and the APIs that the
// official client knows.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { API_EFFECTS, type ApiEffect, knownEffect } from "../../src/main/elasticsearch/effects.ts";
import { type ApiForm, elasticsearchApis } from "../support/elasticsearch_apis.ts";

export const WRITE_APIS_PAGE = join(import.meta.dirname, "..", "..", "docs", "write-apis.md");

const HEAD = `# What becomes of each write

Every API of Elasticsearch, as its official client for Node knows them (\`@elastic/elasticsearch\` 9.4.3), is one of these; a test walks them
all and fails for one that is not. \`node test/coverage/write_apis.ts\` writes this page.

| | |
|---|---|
| mirrored | It changes documents, and ClickHouse gets the same documents, by \`_id\`, \`_seq_no\` and \`_version\`, with the same \`_source\`. |
| applied | It changes indices, aliases, mappings or templates, and the tables follow. |
| counted | Documents change behind Parallax. The request is counted as not mirrored, with the reason; its index is \`not compared\` until it is reconciled, which Elasticsearch's own numbers (\`max_seq_no\`) tell, whoever wrote. |
| apart | It changes the cluster, Elasticsearch's own indices (names that begin with a dot, but for backing indices) or what nothing is mirrored of. |
| reads | It changes nothing; so does every GET and HEAD. |

A request that none of the rows fits (an API of a plugin, or of a later version) is counted, too.
`;

const TITLES = [
  ["mirrored", "Mirrored"],
  ["applied", "Applied to the table"],
  ["counted", "Counted as not mirrored"],
  ["apart", "Apart"],
  ["reads", "Reads"],
] as const;

/** What the table says of a form; null for nothing. */
export function effectOfForm({ method, path }: Pick<ApiForm, "method" | "path">): ApiEffect | null {
  const segments = path.split("/").filter((segment) => segment !== "");
  const at = segments.findIndex((segment) => segment.startsWith("_"));
  return segments.length === 0 ? null : knownEffect(method, at === -1 ? [""] : segments.slice(at));
}

export async function writeApisPage(): Promise<string> {
  const forms = (await elasticsearchApis()).filter(({ method }) => method !== "GET" && method !== "HEAD");
  const sections = TITLES.map(([effect, title]) => {
    const own = forms.flatMap((form) => {
      const api = effectOfForm(form);
      return api?.effect === effect ? [{ form, how: api.how }] : [];
    });
    return `\n## ${title}\n\n${effect === "apart" || effect === "reads" ? shortRows(own) : longRows(own)}`;
  });
  return `${HEAD}${sections.join("")}`;
}

type Row = { readonly form: ApiForm; readonly how: string };

function longRows(rows: readonly Row[]): string {
  const byHow = [...Map.groupBy(rows, ({ how }) => how)];
  return byHow
    .map(([how, own]) => {
      const apis = [...Map.groupBy(own, ({ form }) => form.api)];
      const lines = apis.map(
        ([api, forms]) => `| \`${api}\` | ${forms.map(({ form }) => `\`${form.method} ${form.path}\``).join("<br>")} |`,
      );
      return `${how[0]?.toUpperCase()}${how.slice(1)}:\n\n| API | requests |\n|---|---|\n${lines.join("\n")}\n`;
    })
    .join("\n");
}

function shortRows(rows: readonly Row[]): string {
  const byHow = [...Map.groupBy(rows, ({ how }) => how)];
  return byHow.map(([how, own]) => `- ${how}: ${[...new Set(own.map(({ form }) => `\`${form.api}\``))].join(", ")}\n`).join("");
}

/** Rows of the table that no API of the client has. */
export async function unusedPaths(): Promise<readonly string[]> {
  const used = new Set((await elasticsearchApis()).flatMap((form) => effectOfForm(form)?.path ?? []));
  return API_EFFECTS.map(({ path }) => path).filter((path) => !used.has(path));
}

if (import.meta.main) writeFileSync(WRITE_APIS_PAGE, await writeApisPage());
