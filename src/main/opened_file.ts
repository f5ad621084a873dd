// The session file or HAR that the window shows, read only, while live traffic goes on behind it.
import type { Session } from "./capture/session.ts";
import { rememberSession } from "./recent_sessions.ts";
import { openRecorded, type Recorded } from "./replay/open_recorded.ts";

export class OpenedFile {
  readonly #data: string;
  readonly #changed: () => void;
  #opened: Recorded | null = null;

  /** `data`: the data folder, where it is remembered. `changed`: told when another session is shown. */
  constructor(data: string, changed: () => void) {
    this.#data = data;
    this.#changed = changed;
  }

  /** Its path; null while none is open. */
  get file(): string | null {
    return this.#opened?.file ?? null;
  }

  get session(): Session | null {
    return this.#opened?.session ?? null;
  }

  /** Opens it in place of the one before. Rejects with the reason. */
  async open(file: string): Promise<void> {
    const opened = await openRecorded(file, { redact: true });
    await this.#opened?.close();
    this.#opened = opened;
    rememberSession(this.#data, file);
    this.#changed();
  }

  /** Back to the live session. */
  close(): void {
    if (this.#opened === null) return;
    void this.#opened.close();
    this.#opened = null;
    this.#changed();
  }

  /** Resolves when nothing of it is left. */
  async end(): Promise<void> {
    await this.#opened?.close();
  }
}
