// The request as a form: change method, path, headers or body, and send it. What is not changed goes as it was sent, byte for byte.
import { type ReactElement, useEffect, useState } from "react";
import type { RequestEdits } from "../../shared/contract.ts";
import type { ExchangeDetail, HeaderPairs } from "../../shared/exchange.ts";
import { useAction, useTransport } from "../api/hooks.ts";
import { CodeEditor } from "../code/code_editor.tsx";
import { strings } from "../strings.ts";
import { Icon } from "../ui/icon.tsx";
import { LoadingBars } from "../ui/state.tsx";
import { bodyText, copiedHeaders } from "./copy/request.ts";
import { requestBody } from "./copy/use_copy.ts";
import { headerLines, headersOf } from "./header_lines.ts";
import "./resend.css";

/** A body longer than this is sent again as it was, or not at all: nobody edits it in a form. */
const LONGEST_EDITED = 1024 * 1024;

interface Draft {
  readonly method: string;
  readonly path: string;
  readonly headers: string;
  readonly body: string;
}

export function ResendEditor({ exchange }: { readonly exchange: ExchangeDetail }): ReactElement {
  const body = useBodyText(exchange);
  if (body === undefined) return <LoadingBars />;
  return <ResendForm exchange={exchange} body={body} />;
}

/** undefined while it comes; null where it can't be edited. */
function useBodyText(exchange: ExchangeDetail): string | null | undefined {
  const transport = useTransport();
  const [body, setBody] = useState<string | null | undefined>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a request never changes
  useEffect(() => {
    if (exchange.request.bodyBytes > LONGEST_EDITED || exchange.request.truncated) {
      setBody(null);
      return;
    }
    requestBody(transport, exchange).then(
      (bytes) => setBody(bytes.byteLength > LONGEST_EDITED ? null : bodyText(bytes)),
      () => setBody(null),
    );
  }, [transport, exchange.id]);
  return body;
}

function ResendForm({ exchange, body }: { readonly exchange: ExchangeDetail; readonly body: string | null }): ReactElement {
  const [original] = useState<Draft>(() => draftOf(exchange, body));
  const [draft, setDraft] = useState(original);
  const send = useAction("exchange.resend");
  const headers = headersOf(draft.headers);
  const change = (part: Partial<Draft>) => setDraft((now) => ({ ...now, ...part }));
  const submit = () => {
    if (headers !== null) send.mutate({ id: exchange.id, ...editsOf(original, draft, headers) });
  };
  return (
    <form
      className="resend column fill"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div className="line-up">
        <input
          className="field resend-method"
          aria-label={strings.resend.method}
          value={draft.method}
          onChange={(event) => change({ method: event.target.value.toUpperCase() })}
        />
        <input
          className="field grow"
          aria-label={strings.resend.path}
          value={draft.path}
          onChange={(event) => change({ path: event.target.value })}
        />
        <button type="submit" className="btn ink small" disabled={send.isPending || headers === null}>
          <Icon name="repeat" />
          {strings.resend.send}
        </button>
      </div>
      <label className="s2 mut" htmlFor="resend-headers">
        {strings.resend.headers}
      </label>
      <textarea
        id="resend-headers"
        className={`field resend-headers${headers === null ? " wrong" : ""}`}
        spellCheck={false}
        rows={Math.min(8, draft.headers.split("\n").length + 1)}
        value={draft.headers}
        onChange={(event) => change({ headers: event.target.value })}
      />
      <span className="s2 mut">{strings.resend.body}</span>
      {body === null ? (
        <p className="s2 mut">{strings.resend.notEdited}</p>
      ) : (
        <div className="resend-body fill">
          <CodeEditor
            value={draft.body}
            label={strings.resend.body}
            language="json"
            onChange={(text) => change({ body: text })}
            onRun={submit}
          />
        </div>
      )}
      <Outcome sent={send.isSuccess} problem={headers === null ? strings.resend.badHeaders : (send.error?.message ?? "")} />
    </form>
  );
}

function Outcome({ sent, problem }: { readonly sent: boolean; readonly problem: string }): ReactElement {
  if (problem !== "") {
    return (
      <p className="s2 different" role="alert">
        {problem}
      </p>
    );
  }
  return <p className="s2 mut">{sent ? strings.resend.sent : strings.resend.advice}</p>;
}

function draftOf(exchange: ExchangeDetail, body: string | null): Draft {
  return {
    method: exchange.method,
    path: exchange.path,
    headers: headerLines(copiedHeaders(exchange.request.headers)),
    // An editor's lines end in \n; what is sent unchanged keeps its own ends.
    body: (body ?? "").replaceAll(/\r\n?/g, "\n"),
  };
}

/** Only what was changed. */
function editsOf(original: Draft, draft: Draft, headers: HeaderPairs): RequestEdits {
  return {
    ...(draft.method === original.method ? {} : { method: draft.method }),
    ...(draft.path === original.path ? {} : { path: draft.path }),
    ...(draft.headers === original.headers ? {} : { headers }),
    ...(draft.body === original.body ? {} : { body: draft.body }),
  };
}
