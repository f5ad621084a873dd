// Writes by query: what their answers tell, and the tasks that carry them out after their answer.
import { isNumber, isObject, type JsonObject, member, parseJson } from "../../shared/json.ts";
import { type ElasticsearchClient, ElasticsearchRefused } from "../elasticsearch/client.ts";
import { textOf } from "../elasticsearch/raw_json.ts";

/** Writes that name no documents. */
export const BY_QUERY: ReadonlySet<string> = new Set(["_update_by_query", "_delete_by_query", "_reindex"]);

export interface ByQuery {
  /** The task that carries it out; "" when it has ended. */
  readonly task: string;
  /** Documents that were written, and deleted. */
  readonly written: number;
  readonly deleted: number;
}

/** What an answer tells, also one that says that some documents failed. */
export function readByQuery(answer: JsonObject): ByQuery {
  const task = member(answer, "task");
  if (typeof task === "string") return { task, written: 0, deleted: 0 };
  return { task: "", written: countAt(answer, "created") + countAt(answer, "updated"), deleted: countAt(answer, "deleted") };
}

/** The same from an answer's bytes; null where these tell nothing. */
export function parseByQuery(answer: Uint8Array): ByQuery | null {
  try {
    const value = parseJson(textOf(answer));
    return isObject(value) ? readByQuery(value) : null;
  } catch {
    return null;
  }
}

/** What became of a task: `task` is still its name while it runs. One that Elasticsearch does not know any more has ended. */
export async function readTask(elasticsearch: ElasticsearchClient, task: string): Promise<ByQuery> {
  try {
    const answer = await elasticsearch.json("GET", `/_tasks/${encodeURIComponent(task)}`);
    if (member(answer, "completed") !== true) return { task, written: 0, deleted: 0 };
    const told = member(answer, "response") ?? statusOf(answer);
    return isObject(told) ? { ...readByQuery(told), task: "" } : ENDED;
  } catch (error) {
    if (error instanceof ElasticsearchRefused && error.status === 404) return ENDED;
    throw error;
  }
}

const ENDED: ByQuery = Object.freeze({ task: "", written: 0, deleted: 0 });

function statusOf(answer: JsonObject): JsonObject | undefined {
  const task = member(answer, "task");
  const status = isObject(task) ? member(task, "status") : undefined;
  return isObject(status) ? status : undefined;
}

function countAt(answer: JsonObject, name: string): number {
  const value = member(answer, name);
  return isNumber(value) ? Number(value) : 0;
}
