// What can be read beside the tools: how filters are written, and what verdicts and rules mean.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { JsonObject } from "../../shared/json.ts";
import { packageFolder } from "../cli/version.ts";

interface Resource {
  readonly uri: string;
  readonly title: string;
  readonly description: string;
  readonly file: string;
}

export const RESOURCES: readonly Resource[] = [
  {
    uri: "parallax://docs/filters",
    title: "The filter language",
    description: "How exchanges are picked: operators, patterns, examples.",
    file: "filters.md",
  },
  {
    uri: "parallax://docs/verdicts",
    title: "Verdicts and rules",
    description: "What each verdict means, each rule that makes answers equivalent, and each reason for not comparing.",
    file: "verdicts.md",
  },
];

const TYPE = "text/markdown";

/** Resources as `resources/list` tells of them. */
export function describedResources(): readonly JsonObject[] {
  return RESOURCES.map(({ uri, title, description, file }) => ({ uri, name: file, title, description, mimeType: TYPE }));
}

/** The contents that `resources/read` gives; null where there is no such resource. Throws where its file can't be read. */
export async function readResource(uri: string): Promise<JsonObject | null> {
  const resource = RESOURCES.find((each) => each.uri === uri);
  if (resource === undefined) return null;
  const text = await readFile(join(packageFolder(), "docs", resource.file), "utf8");
  return { uri, mimeType: TYPE, text };
}
