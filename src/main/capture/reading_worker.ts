// Answers questions to a session from a connection of its own, one after the other: of a million exchanges some take a second.
import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../../shared/thrown.ts";
import { CompareGroups } from "./compare/groups.ts";
import { registerFunctions } from "./filter/functions.ts";
import { answerTo, type Known, type Question } from "./questions.ts";
import { Reader } from "./reader.ts";
import { SegmentChanges } from "./segments.ts";
import { openToRead } from "./session_file.ts";
import { VerdictCounter } from "./verdict_counts.ts";

export interface Asked {
  readonly question: Question;
  readonly known: Known;
  /** Segments that were written to since the question before. */
  readonly changed: readonly number[];
}

export type Told = { readonly answer: ReturnType<typeof answerTo> } | { readonly failure: string };

const { file }: { readonly file: string } = workerData;
const db = openToRead(file);
registerFunctions(db);
const changes = new SegmentChanges();
const readers = { reader: new Reader(db, changes), verdicts: new VerdictCounter(db), groups: new CompareGroups(db, changes) };

function told({ question, known, changed }: Asked): Told {
  changes.mark(changed);
  try {
    return { answer: answerTo(readers, question, known) };
  } catch (error) {
    return { failure: messageOf(error) };
  }
}

parentPort?.on("message", (asked: Asked) => parentPort?.postMessage(told(asked)));
