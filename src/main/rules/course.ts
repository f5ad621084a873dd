// One exchange on its way through rules, script and breakpoints: what it is by now, and what was done to it.
import type { ExchangeChange } from "../../shared/exchange.ts";
import type { BackendName } from "../../shared/rules.ts";
import type { AskedRequest } from "../proxy/answerer.ts";
import type { RequestMessage } from "./message.ts";
import { ExchangeView } from "./view.ts";

export class Course {
  readonly asked: AskedRequest;
  request: RequestMessage;
  backend: BackendName | null = null;
  readonly #original: RequestMessage;
  readonly #changes: ExchangeChange[] = [];
  /** Ids of rules that matched the request and have something to do to the response. */
  readonly later = new Set<string>();
  #view: ExchangeView;

  constructor(asked: AskedRequest) {
    this.asked = asked;
    const { method, target, headers, body } = asked;
    this.request = { method, target, headers, body };
    this.#original = this.request;
    this.#view = new ExchangeView(this.request);
  }

  /** The request as it is by now. */
  get view(): ExchangeView {
    if (this.#view.request !== this.request) this.#view = new ExchangeView(this.request);
    return this.#view;
  }

  /** The request is not what the client sent. */
  get changed(): boolean {
    return this.request !== this.#original;
  }

  get changes(): readonly ExchangeChange[] {
    return [...this.#changes];
  }

  say(by: string, did: string): void {
    if (did !== "") this.#changes.push({ by, did });
  }
}
