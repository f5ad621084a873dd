// The journal's thread: SQLite is synchronous, and neither the wire nor the engine is to wait for a disk. What comes within one turn
// of its event loop is one transaction.
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../../shared/thrown.ts";
import type { FromJournal, ToJournal } from "../proxy/journal_entry.ts";
import type { FromJournalThread, JournalAnswers, JournalQuestion, JournalStart, Left, ToJournalThread } from "./messages.ts";
import { openFile } from "./schema.ts";
import { JournalStore } from "./store.ts";

const COUNTS_MS = 500;
/** No exchange has this id. */
const PROBE = -1;
const PROBE_BYTES = 1024 * 1024;

const engine = parentPort;
if (engine === null) throw new Error("journal/thread.ts runs as a worker only: use Journal.start.");
const start: JournalStart = workerData;
const { db, problem: found } = openFile(start.file);
const store = new JournalStore(db, start.capBytes);
let problem = "";
/** A write is to be kept by the next transaction. */
let keeping = false;
let changes: (() => void)[] = [];
/** Gaps that could not be kept yet. */
let owed: (ToJournalThread & { readonly kind: "gap" })[] = [];
/** What is told once the changes are kept. */
let news: (() => void)[] = [];
let told = { rows: -1, bytes: -1, problem: "" };

const tell = (message: FromJournalThread): void => engine.postMessage(message);

function change(work: () => void, after: () => void = () => {}): void {
  if (changes.length === 0) setImmediate(flush);
  changes.push(work);
  news.push(after);
}

function flush(): void {
  if (changes.length === 0) return;
  const [now, after] = [changes, news];
  changes = [];
  news = [];
  try {
    store.flush(() => {
      for (const work of now) work();
      keepOwed();
    });
    // A mark may find room where a body does not: all is well when a write is kept again.
    if (keeping) problem = "";
    keeping = false;
    owed = [];
  } catch (error) {
    keeping = false;
    problem = `Writes can't be kept in the journal ${start.file}: ${messageOf(error)}`;
    tellCounts();
  }
  // Kept or not: nothing waits for a disk that fails.
  for (const one of after) one();
}

function keepOwed(): void {
  for (const { cluster, gaps } of owed) store.addGaps(cluster, gaps);
}

function hearWire(port: MessagePort, message: ToJournal): void {
  switch (message.kind) {
    case "begun":
      change(() => void store.begin(message));
      return;
    case "intent": {
      const kept: FromJournal = { kind: "kept", exchanges: [message.exchange] };
      keeping = true;
      change(
        () => store.keep(message),
        () => port.postMessage(kept),
      );
      return;
    }
    case "answer":
      change(
        () => store.answered(message),
        () => tell({ kind: "answered", exchanges: [message.exchange] }),
      );
      return;
    case "broken":
      change(
        () => void store.leave(message.exchange, true),
        () => tell({ kind: "broken", exchange: message.exchange }),
      );
      return;
    case "unsent":
      change(
        () => store.done(message.exchange),
        () => tell({ kind: "unsent", exchange: message.exchange }),
      );
  }
}

function hearEngine(message: ToJournalThread): void {
  if ("reply" in message) {
    flush();
    tell({ kind: "reply", reply: message.reply, answer: answer(message) });
    return;
  }
  switch (message.kind) {
    case "connect":
      message.port.on("message", (own: ToJournal) => hearWire(message.port, own));
      return;
    case "cluster":
      store.cluster(message.upstream, message.uuid);
      return;
    case "done":
      change(() => store.done(message.exchange));
      return;
    case "settled":
      change(() => store.settled(message.rows, message.doubt));
      return;
    case "gap":
      owed.push(message);
      change(() => {});
      return;
    case "filled":
      change(() => store.fill(message.cluster, message.index, message.documents));
  }
}

function answer(question: JournalQuestion): JournalAnswers[keyof JournalAnswers] {
  switch (question.kind) {
    case "leave":
      return leave(question.exchange, question.doubt);
    case "take":
      return store.take(question.cluster, question.bytes);
    case "doubts":
      return store.doubts(question.cluster, question.upstream, question.after, question.bytes);
    case "gaps":
      return [...store.gaps(question.cluster), ...owed.flatMap(({ cluster, gaps }) => (cluster === question.cluster ? gaps : []))];
    case "stop":
      clearInterval(counting);
      db.close();
      return null;
  }
}

function leave(exchange: number, doubt: boolean): Left {
  let left: Left = "unknown";
  try {
    store.flush(() => {
      left = store.leave(exchange, doubt);
    });
    return left;
  } catch {
    return "unknown";
  }
}

function tellCounts(): void {
  const { rows, bytes } = store;
  if (rows === told.rows && bytes === told.bytes && problem === told.problem) return;
  told = { rows, bytes, problem };
  tell({ kind: "counts", ...told });
}

/** Whether there is room again is found out without a client's write: one of our own is kept and removed. */
function tryAgain(): void {
  if (problem === "") return;
  keeping = true;
  const probe = { exchange: PROBE, time: 0, upstream: "", head: new Uint8Array(), body: new Uint8Array(PROBE_BYTES) };
  change(() => {
    store.keep(probe);
    store.done(PROBE);
  });
}

const counting = setInterval(() => {
  tryAgain();
  tellCounts();
}, COUNTS_MS);
engine.on("message", hearEngine);
tell({ kind: "open", problem: found, rows: store.rows });
