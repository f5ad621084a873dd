// An exchange on its way as filters look at it. What costs something, such as the text of a body, is made when it is first asked for.
import { isText } from "../capture/coding.ts";
import { type Route, route } from "../elasticsearch/route.ts";
import { decoded, headerOf, type RequestMessage, type ResponseMessage } from "./message.ts";

/** Text of a body is searched so far, as in a session. */
const SEARCHED_BYTES = 4 * 1024 * 1024;

export class ExchangeView {
  readonly request: RequestMessage;
  /** null while there is none. */
  readonly response: ResponseMessage | null;
  #route: Route | null = null;
  readonly #texts = new Map<RequestMessage | ResponseMessage, string>();

  constructor(request: RequestMessage, response: ResponseMessage | null = null) {
    this.request = request;
    this.response = response;
  }

  get host(): string {
    return headerOf(this.request.headers, "host");
  }

  get url(): string {
    return `http://${this.host}${this.request.target}`;
  }

  get client(): string {
    return headerOf(this.request.headers, "x-opaque-id") || headerOf(this.request.headers, "user-agent");
  }

  get route(): Route {
    this.#route ??= route(this.request.method, this.request.target);
    return this.#route;
  }

  /** `name: value` lines. */
  headerLines({ headers }: RequestMessage | ResponseMessage): string {
    return headers.map(([name, value]) => `${name}: ${value}`).join("\n");
  }

  bodyText(message: RequestMessage | ResponseMessage): string {
    const known = this.#texts.get(message);
    if (known !== undefined) return known;
    const bytes = (decoded(message) ?? message.body).subarray(0, SEARCHED_BYTES);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(isText(bytes) ? "utf8" : "latin1");
    this.#texts.set(message, text);
    return text;
  }
}
