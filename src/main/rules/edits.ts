// What a script or a person changed of a message, put into it. Message and changes in; the new message out, or why it can't be sent.
import type { HeaderPairs } from "../../shared/exchange.ts";
import type { HeldEdits } from "../../shared/rules.ts";
import { headersProblem, type RequestMessage, type ResponseMessage, targetProblem, withBody } from "./message.ts";

/** Absent members stay. */
export interface Edits {
  readonly method?: string;
  readonly path?: string;
  readonly status?: number;
  readonly headers?: HeaderPairs;
  /** Without content coding. */
  readonly body?: Uint8Array;
}

export type Edited<M> = { readonly ok: true; readonly message: M; readonly did: string } | { readonly ok: false; readonly problem: string };

const METHOD = /^[A-Z][A-Z_-]{0,30}$/;

export function editRequest(request: RequestMessage, edits: Edits): Edited<RequestMessage> {
  const { method = request.method, path = request.target } = edits;
  const problem = METHOD.test(method) ? targetProblem(path) : `${JSON.stringify(method)} is no method`;
  if (problem !== "") return { ok: false, problem };
  const edited = editContent(request, edits);
  return edited.ok ? { ...edited, message: { ...edited.message, method, target: path } } : edited;
}

export function editResponse(response: ResponseMessage, edits: Edits): Edited<ResponseMessage> {
  const { status = response.status } = edits;
  if (!Number.isInteger(status) || status < 200 || status > 599) return { ok: false, problem: `${status} is no status from 200 to 599` };
  const edited = editContent(response, edits);
  const reason = status === response.status ? response.reason : "";
  return edited.ok ? { ...edited, message: { ...edited.message, status, reason } } : edited;
}

/** What a person changed, in the same form. */
export function editsOf({ body, encoding = "utf8", ...others }: HeldEdits): Edits {
  return body === undefined ? others : { ...others, body: Buffer.from(body, encoding) };
}

function editContent<M extends RequestMessage | ResponseMessage>(message: M, edits: Edits): Edited<M> {
  const { headers = message.headers, body } = edits;
  const problem = headersProblem(headers);
  if (problem !== "") return { ok: false, problem };
  const own = { ...message, headers };
  const names = Object.entries(edits).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  return { ok: true, message: body === undefined ? own : withBody(own, body), did: `changed the ${names.join(", ")}` };
}
