// What is held, oldest first: each can be looked at, changed, let go or aborted.
import { type ReactElement, useEffect, useState } from "react";
import type { HeaderPairs } from "../../shared/exchange.ts";
import type { HeldEdits, HeldMessage, HeldSummary } from "../../shared/rules.ts";
import { useCall } from "../api/hooks.ts";
import { strings } from "../strings.ts";
import { bytes, count } from "../ui/format.ts";
import { Refused, Section, useChange } from "./rules_page.tsx";

const WORDS = strings.rules;

export function HeldList({ held }: { readonly held: readonly HeldSummary[] }): ReactElement {
  const [open, setOpen] = useState<number | null>(null);
  const all = useChange("held.release_all");
  const chosen = held.find(({ id }) => id === open);
  const action = (
    <button type="button" className="btn small" disabled={held.length === 0} onClick={() => all.run({})}>
      {WORDS.releaseAll}
    </button>
  );
  return (
    <Section title={`${WORDS.held} ${held.length === 0 ? "" : count(held.length)}`} action={action}>
      {held.length === 0 ? <p className="mut s2">{WORDS.heldNone}</p> : null}
      {held.map((one) => (
        <HeldLine key={one.id} held={one} open={one.id === open} onOpen={() => setOpen(one.id === open ? null : one.id)} />
      ))}
      {chosen === undefined ? null : <HeldEditor key={chosen.id} id={chosen.id} onClose={() => setOpen(null)} />}
    </Section>
  );
}

interface HeldLineProps {
  readonly held: HeldSummary;
  readonly open: boolean;
  readonly onOpen: () => void;
}

function HeldLine({ held, open, onOpen }: HeldLineProps): ReactElement {
  const release = useChange("held.release");
  const abort = useChange("held.abort");
  const left = useSecondsLeft(held.until);
  return (
    <div className="rules-line">
      <span className="s2 m nowrap">{WORDS.holds(held.side)}</span>
      <span className="mono cut grow" title={held.path}>
        {held.status === null ? "" : `${held.status} `}
        {held.method} {held.path}
      </span>
      <span className="s2 mut nowrap rules-wide">
        {bytes(held.bodyBytes)} · {WORDS.until(left)}
      </span>
      <button type="button" className="btn small" aria-expanded={open} onClick={onOpen}>
        {WORDS.edit}
      </button>
      <button type="button" className="btn small" onClick={() => release.run({ id: held.id })}>
        {WORDS.release}
      </button>
      <button type="button" className="btn small" onClick={() => abort.run({ id: held.id })}>
        {WORDS.abort}
      </button>
    </div>
  );
}

function useSecondsLeft(until: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, Math.ceil((until - now) / 1000));
}

function HeldEditor({ id, onClose }: { readonly id: number; readonly onClose: () => void }): ReactElement | null {
  const message = useCall("held.get", { id }, { staleMs: Number.POSITIVE_INFINITY });
  if (message.isError) return <Refused error={message.error} />;
  return message.data === undefined ? null : <HeldForm message={message.data} onClose={onClose} />;
}

function HeldForm({ message, onClose }: { readonly message: HeldMessage; readonly onClose: () => void }): ReactElement {
  const release = useChange("held.release");
  const [method, setMethod] = useState(message.method);
  const [path, setPath] = useState(message.path);
  const [status, setStatus] = useState(String(message.status ?? ""));
  const [headers, setHeaders] = useState(linesOf(message.headers));
  const [body, setBody] = useState(message.body);
  const isRequest = message.side === "request";
  const submit = (): void => {
    const edits: HeldEdits = {
      ...(isRequest && method !== message.method ? { method } : {}),
      ...(isRequest && path !== message.path ? { path } : {}),
      ...(!isRequest && Number(status) !== message.status ? { status: Number(status) } : {}),
      ...(headers === linesOf(message.headers) ? {} : { headers: pairsOf(headers) }),
      ...(body === message.body ? {} : { body, encoding: message.encoding }),
    };
    release.run(Object.keys(edits).length === 0 ? { id: message.id } : { id: message.id, edits }, onClose);
  };
  return (
    <form
      className="rules-form"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {isRequest ? (
        <div className="rules-line">
          <input
            className="field mono rules-method"
            aria-label={WORDS.method}
            value={method}
            onChange={(event) => setMethod(event.target.value)}
          />
          <input className="field mono grow" aria-label={WORDS.path} value={path} onChange={(event) => setPath(event.target.value)} />
        </div>
      ) : (
        <label className="s2">
          {WORDS.status} <input className="field mono rules-method" value={status} onChange={(event) => setStatus(event.target.value)} />
        </label>
      )}
      <label className="s2">
        {WORDS.headers}
        <textarea className="field mono" rows={5} spellCheck={false} value={headers} onChange={(event) => setHeaders(event.target.value)} />
      </label>
      <label className="s2">
        {WORDS.body} {message.encoding === "base64" ? <span className="mut">{WORDS.base64}</span> : null}
        <textarea className="field mono" rows={8} spellCheck={false} value={body} onChange={(event) => setBody(event.target.value)} />
      </label>
      <Refused error={release.error} />
      <div className="rules-line">
        <button type="submit" className="btn ink">
          {WORDS.releaseEdited}
        </button>
        <button type="button" className="btn" onClick={onClose}>
          {WORDS.back}
        </button>
      </div>
    </form>
  );
}

function linesOf(headers: HeaderPairs): string {
  return headers.map(([name, value]) => `${name}: ${value}`).join("\n");
}

function pairsOf(lines: string): HeaderPairs {
  return lines
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const at = line.indexOf(":");
      return at === -1 ? [line.trim(), ""] : [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    });
}
