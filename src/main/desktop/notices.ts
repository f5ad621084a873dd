// What is worth a notification, and each thing once: the first mismatch of a shape of search, a backend that answered and does not any more, a
// bound on the disk that is reached. Quiet by default: no sound, and no more than a few a minute.
import type { Status } from "../../shared/contract.ts";
import type { ExchangeSummary } from "../../shared/exchange.ts";

export interface Notice {
  readonly title: string;
  readonly body: string;
  /** What a click shows: the part of the page's address after `#`. */
  readonly place: string;
}

/** A backend that comes and goes is told of once in so long. */
const SAME_BACKEND_MS = 600_000;
const WINDOW_MS = 60_000;
/** More in a minute are left out: the window has them all. */
const AT_MOST = 4;
/** Shapes that are remembered; past them the oldest is forgotten. */
const SHAPES = 10_000;

type BackendName = "Elasticsearch" | "ClickHouse";

export class Notices {
  readonly #show: (notice: Notice) => void;
  readonly #now: () => number;
  readonly #shapes = new Set<string>();
  readonly #full = new Set<string>();
  readonly #answered = new Set<BackendName>();
  readonly #lostAt = new Map<BackendName, number>();
  #shown: number[] = [];
  #session = "";

  /** `now`: milliseconds of a clock that only goes on. */
  constructor(show: (notice: Notice) => void, now: () => number = () => performance.now()) {
    this.#show = show;
    this.#now = now;
  }

  /** Shapes that differed before this start: they are no news. `file`: the session's. */
  knows(file: string, shapes: readonly string[]): void {
    this.#session = file;
    for (const shape of shapes) this.#shapes.add(shape);
  }

  /** Newest states of exchanges, as the engine tells them. Those of an opened file are no news. */
  exchanges(changed: readonly ExchangeSummary[], status: Status): void {
    if (status.session.readOnly) return;
    if (status.session.file !== this.#session) this.#shapes.clear();
    this.#session = status.session.file;
    for (const { id, shape, verdict, method, path, note } of changed) {
      if (verdict !== "different" || shape === "" || this.#shapes.has(shape)) continue;
      this.#shapes.add(shape);
      const [oldest] = this.#shapes;
      if (this.#shapes.size > SHAPES && oldest !== undefined) this.#shapes.delete(oldest);
      const what = path.split("?", 1)[0] ?? path;
      this.#tell({ title: "A search differs", body: `${method} ${what}${note === "" ? "" : `: ${note}`}`, place: `#/exchange/${id}` });
    }
  }

  status(status: Status): void {
    this.#backend("Elasticsearch", status.elasticsearch);
    this.#backend("ClickHouse", status.clickhouse);
    this.#bound("journal", status.journal.problem);
    const full = (status.capture.forgotten ?? 0) > 0;
    this.#bound("capture", full ? "The session file has reached its bound: the oldest exchanges that are not pinned make way." : "");
  }

  #backend(name: BackendName, { status, message }: { readonly status: string; readonly message: string }): void {
    if (status === "ok") this.#answered.add(name);
    if (status !== "away" || !this.#answered.delete(name)) return;
    const before = this.#lostAt.get(name);
    if (before !== undefined && this.#now() - before < SAME_BACKEND_MS) return;
    this.#lostAt.set(name, this.#now());
    this.#tell({ title: `${name} does not answer any more`, body: message, place: "#/status" });
  }

  #bound(name: string, problem: string): void {
    if (problem === "" || this.#full.has(name)) return;
    this.#full.add(name);
    this.#tell({ title: "A bound on the disk is reached", body: problem, place: "#/status" });
  }

  #tell(notice: Notice): void {
    const now = this.#now();
    this.#shown = this.#shown.filter((at) => now - at < WINDOW_MS);
    if (this.#shown.length >= AT_MOST) return;
    this.#shown.push(now);
    this.#show(notice);
  }
}
