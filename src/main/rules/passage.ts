// One watched request on its way: through the rules, the script and the breakpoints, to a server, and its answer through the same three.
// Whatever fails of it leaves the exchange as it was, and says so. One machine, and so one file.

import type { MessageSide } from "../../shared/rules.ts";
import { messageOf } from "../../shared/thrown.ts";
import { pause } from "../pause.ts";
import { type AskedRequest, PASSED_ON, type Reply, type Waiting } from "../proxy/answerer.ts";
import { actOnRequest, actOnResponse } from "./actions.ts";
import type { Altered, Backends } from "./backends.ts";
import type { HeldMessages, Released } from "./breakpoints.ts";
import { Course } from "./course.ts";
import { editRequest, editResponse, editsOf } from "./edits.ts";
import { decoded, headersProblem, type RequestMessage, type ResponseMessage } from "./message.ts";
import { ownAnswer } from "./own_answer.ts";
import { isOfRequest } from "./read_rule.ts";
import type { ActiveRule, RuleBook } from "./rule_book.ts";
import type { Script } from "./script.ts";
import type { ScriptRequest, ScriptResponse } from "./script_messages.ts";
import { ExchangeView } from "./view.ts";

export interface PassageOptions {
  readonly book: RuleBook;
  readonly script: Script;
  readonly held: HeldMessages;
  /** A rule was used, or could not do what it says. */
  readonly changed: () => void;
  readonly log: (message: string) => void;
}

/** What ends a request before a server is asked. */
type Early = { readonly kind: "answered"; readonly response: ResponseMessage } | { readonly kind: "reset"; readonly why: string };

export class Passage {
  /** Whether breakpoints hold. */
  holds = true;
  readonly #options: PassageOptions;
  readonly #book: RuleBook;
  readonly #script: Script;
  readonly #held: HeldMessages;

  constructor(options: PassageOptions) {
    this.#options = options;
    this.#book = options.book;
    this.#script = options.script;
    this.#held = options.held;
  }

  /** Answers a watched request, or lets it pass. Never rejects. */
  async handle(request: AskedRequest, waiting: Waiting, backends: Backends): Promise<Reply> {
    const course = new Course(request);
    try {
      return await this.#handle(course, waiting, backends);
    } catch (error) {
      this.#options.log(`Rules, script or breakpoints failed at an exchange: ${messageOf(error)}`);
      return { kind: "reset", why: `Parallax failed at it: ${messageOf(error)}` };
    }
  }

  async #handle(course: Course, waiting: Waiting, backends: Backends): Promise<Reply> {
    const { asked } = course;
    // One whose client has left is over: it is not begun again.
    const tell = (altered: Omit<Altered, "changes" | "backend">): void => {
      if (waiting.gone.aborted) return;
      backends.altered(asked.id, asked.time, { ...altered, changes: course.changes, backend: course.backend });
    };
    const early = await this.#onRequest(course, waiting);
    if (early?.kind === "reset") {
      tell({ by: "nobody", sent: null, answered: null });
      return { kind: "reset", why: early.why };
    }
    if (early === null && !course.changed && course.backend !== "clickhouse" && !this.#mayChangeResponse(course)) {
      if (course.changes.length > 0) tell({ by: "wire", sent: null, answered: null });
      return asked.asked && course.backend === null ? backends.clickhouse(asked) : PASSED_ON;
    }
    waiting.take();
    if (early !== null) {
      tell({ by: "nobody", sent: null, answered: null });
      const response = await this.#onResponse(course, early.response, waiting);
      tell({ by: "nobody", sent: null, answered: null });
      return replyOf(course, response);
    }
    const own = await this.#fromClickHouse(course, backends);
    if (own !== null && own.kind === "answer") {
      const response = await this.#onResponse(course, responseOf(own), waiting);
      tell({ by: "clickhouse", sent: course.request, answered: null });
      return replyOf(course, response);
    }
    tell({ by: "elasticsearch", sent: course.request, answered: null });
    const forwarded = await backends.forward(course.request, asked, waiting.gone);
    if (!forwarded.ok) return replyOf(course, ownAnswer(502, "bad_gateway_exception", forwarded.why));
    const added = own?.kind === "pass" ? own.headers : [];
    const response = await this.#onResponse(course, { ...forwarded.response, headers: [...forwarded.response.headers, ...added] }, waiting);
    tell({ by: "elasticsearch", sent: course.request, answered: forwarded.response });
    return replyOf(course, response);
  }

  async #fromClickHouse({ asked, backend, request }: Course, backends: Backends): Promise<Reply | null> {
    const forced = backend === "clickhouse" || (backend === null && asked.forced);
    const wanted = (forced || (backend === null && asked.asked)) && backends.asks.test(`${request.method} ${request.target}`);
    return wanted ? await backends.clickhouse({ ...asked, ...request, forced }) : null;
  }

  // ---- the request

  /** Null when a server is to be asked. */
  async #onRequest(course: Course, waiting: Waiting): Promise<Early | null> {
    for (const active of this.#book.rules) {
      if (!active.rule.enabled || active.match.told(course.view) !== true) continue;
      const early = await this.#obey(active, course, waiting);
      if (early !== null) return early;
    }
    return (await this.#askScriptOfRequest(course)) ?? (await this.#holdRequest(course, waiting));
  }

  async #obey(active: ActiveRule, course: Course, waiting: Waiting): Promise<Early | null> {
    const { id, name, actions } = active.rule;
    const by = `rule ${JSON.stringify(name)}`;
    if (actions.some((action) => !isOfRequest(action))) course.later.add(id);
    let used = false;
    for (const action of actions.filter(isOfRequest)) {
      const acted = await actOnRequest(action, course.request, name);
      if (acted.kind === "problem") {
        this.#ruleFailed(active, acted.problem);
        course.say(by, `changed nothing: ${acted.problem}`);
        continue;
      }
      course.say(by, acted.did);
      used ||= acted.did !== "";
      if (acted.kind === "goes on" && acted.did !== "") course.request = acted.request;
      if (acted.kind === "backend") course.backend = acted.backend;
      if (acted.kind === "waits") {
        waiting.take();
        await pause(acted.ms, waiting.gone);
      }
      if (acted.kind !== "answered" && acted.kind !== "reset") continue;
      this.#ruleUsed(active);
      return acted.kind === "reset" ? { kind: "reset", why: `Reset by the ${by}.` } : { kind: "answered", response: acted.response };
    }
    if (used) this.#ruleUsed(active);
    return null;
  }

  async #askScriptOfRequest(course: Course): Promise<Early | null> {
    if (!this.#script.has("request")) return null;
    const { id, time } = course.asked;
    const called = await this.#script.call({ hook: "request", id, time, request: scriptRequest(course.request), response: null });
    if (!called.ok) {
      course.say("script", `changed nothing: ${called.why}`);
      return null;
    }
    const { request, response, notes } = called.outcome;
    for (const note of notes) course.say("script", note);
    if (request !== null) this.#editRequest(course, "script", request);
    if (response === null) return null;
    const { status = 200, headers = [], body = new Uint8Array() } = response;
    const problem = headersProblem(headers);
    if (problem !== "") {
      course.say("script", `answered nothing: ${problem}`);
      return null;
    }
    course.say("script", "answered");
    return { kind: "answered", response: { status, reason: "", headers, body } };
  }

  async #holdRequest(course: Course, waiting: Waiting): Promise<Early | null> {
    if (!this.#breaks("request", course.view)) return null;
    const released = await this.#hold("request", course, null, waiting);
    if (released.kind === "aborted") return { kind: "reset", why: "Aborted at a breakpoint." };
    if (released.kind === "released" && released.edits !== null) this.#editRequest(course, "breakpoint", editsOf(released.edits));
    return null;
  }

  #editRequest(course: Course, by: string, edits: Parameters<typeof editRequest>[1]): void {
    const edited = editRequest(course.request, edits);
    if (edited.ok) course.request = edited.message;
    course.say(by, edited.ok ? edited.did : `changed nothing: ${edited.problem}`);
  }

  // ---- the response

  #mayChangeResponse(course: Course): boolean {
    if (course.later.size > 0 || this.#script.has("response")) return true;
    const waits = this.#book.rules.some(({ rule, match }) => rule.enabled && match.needsResponse && match.told(course.view) !== false);
    return waits || this.#breaks("response", course.view);
  }

  async #onResponse(course: Course, given: ResponseMessage, waiting: Waiting): Promise<ResponseMessage> {
    let response = given;
    for (const active of this.#book.rules) {
      const { rule, match } = active;
      if (!rule.enabled) continue;
      const matched = course.later.has(rule.id) || match.told(new ExchangeView(course.request, response)) === true;
      const acted = matched ? actOnResponse(rule.actions, response) : { response, did: [] };
      response = acted.response;
      for (const did of acted.did) course.say(`rule ${JSON.stringify(rule.name)}`, did);
      if (acted.did.length > 0) this.#ruleUsed(active);
    }
    response = await this.#askScriptOfResponse(course, response);
    if (!this.#breaks("response", new ExchangeView(course.request, response))) return response;
    const released = await this.#hold("response", course, response, waiting);
    if (released.kind === "aborted") return ownAnswer(502, "parallax_breakpoint_exception", "The answer was withheld at a breakpoint.");
    return released.kind === "released" && released.edits !== null
      ? this.#editResponse(course, response, "breakpoint", editsOf(released.edits))
      : response;
  }

  async #askScriptOfResponse(course: Course, response: ResponseMessage): Promise<ResponseMessage> {
    if (!this.#script.has("response")) return response;
    const { id, time } = course.asked;
    const call = { hook: "response", id, time, request: scriptRequest(course.request), response: scriptResponse(response) } as const;
    const called = await this.#script.call(call);
    if (!called.ok) {
      course.say("script", `changed nothing of the response: ${called.why}`);
      return response;
    }
    for (const note of called.outcome.notes) course.say("script", note);
    return called.outcome.response === null ? response : this.#editResponse(course, response, "script", called.outcome.response);
  }

  #editResponse(course: Course, response: ResponseMessage, by: string, edits: Parameters<typeof editResponse>[1]): ResponseMessage {
    const edited = editResponse(response, edits);
    course.say(by, edited.ok ? `${edited.did} of the response` : `changed nothing of the response: ${edited.problem}`);
    return edited.ok ? edited.message : response;
  }

  // ---- both

  #breaks(side: MessageSide, view: ExchangeView): boolean {
    if (!this.holds) return false;
    return this.#book.breakpoints.some(({ breakpoint, match }) => {
      if (!breakpoint.enabled || (breakpoint.on !== side && breakpoint.on !== "both")) return false;
      const told = match.told(view);
      return told === true || (side === "response" && view.response === null && told === null);
    });
  }

  async #hold(side: MessageSide, course: Course, response: ResponseMessage | null, waiting: Waiting): Promise<Released> {
    waiting.take();
    const { request } = course;
    const before = Date.now();
    const released = await this.#held.hold({ exchange: course.asked.id, side, request, response, gone: waiting.gone });
    const seconds = `${((Date.now() - before) / 1000).toFixed(1)} s`;
    const words: Readonly<Record<Released["kind"], string>> = {
      released: `held the ${side} for ${seconds}`,
      expired: `held the ${side} for ${seconds}, the longest that it may: it went on`,
      aborted: `held the ${side} for ${seconds}, aborted`,
      full: `did not hold the ${side}: too much is held already`,
    };
    course.say("breakpoint", words[released.kind]);
    return released;
  }

  #ruleUsed(active: ActiveRule): void {
    active.used += 1;
    this.#options.changed();
  }

  #ruleFailed(active: ActiveRule, problem: string): void {
    if (active.problem !== problem) this.#options.log(`The rule ${JSON.stringify(active.rule.name)} changed nothing: ${problem}`);
    active.problem = problem;
    this.#options.changed();
  }
}

function scriptRequest(request: RequestMessage): ScriptRequest {
  const { method, target, headers, body } = request;
  return { method, path: target, headers, body: decoded(request) ?? body };
}

function scriptResponse(response: ResponseMessage): ScriptResponse {
  const { status, headers, body } = response;
  return { status, headers, body: decoded(response) ?? body };
}

function responseOf({ status, headers, body }: Extract<Reply, { kind: "answer" }>): ResponseMessage {
  return { status, reason: "", headers, body };
}

const FRAMING = /^(content-length|transfer-encoding|connection|keep-alive|trailer|upgrade)$/i;

/** The proxy frames it anew. An answer to HEAD keeps the length of what it does not carry. */
function replyOf({ asked }: Course, { status, reason, headers, body }: ResponseMessage): Reply {
  const kept = headers.filter(([name]) => !FRAMING.test(name) || (asked.method === "HEAD" && /^content-length$/i.test(name)));
  return { kind: "answer", status, reason, headers: kept, body };
}
