// Why one place differs: the sentence, what was found and what it is not, one thing to do; then the documents, and how they were asked for.
import type { ReactElement } from "react";
import type { ExplainedDocument, Explanation } from "../../../shared/explanation.ts";
import { useCall } from "../../api/hooks.ts";
import { strings } from "../../strings.ts";
import { CopyButton } from "../../ui/controls.tsx";
import { count } from "../../ui/format.ts";
import { Side, type SideName } from "../../ui/side.tsx";
import { LoadingBars, State } from "../../ui/state.tsx";
import "./why.css";

/** Both sides are asked for it: what was found is kept while one looks around. */
const KEPT_MS = 60_000;

export function WhyPane({ exchange, path }: { readonly exchange: number; readonly path: string | null }): ReactElement {
  const answer = useCall("exchange.explain", { id: exchange, path: path ?? "" }, { enabled: path !== null, staleMs: KEPT_MS });
  return (
    <aside className="why-pane scroll" aria-label={strings.why.label}>
      {path === null ? (
        <State title={strings.why.none} />
      ) : answer.isError ? (
        <State title={strings.why.failed} action={{ label: strings.why.again, run: () => void answer.refetch() }}>
          {answer.error.message}
        </State>
      ) : answer.data === undefined ? (
        <LoadingBars />
      ) : (
        <Why explanation={answer.data} again={() => void answer.refetch()} asking={answer.isFetching} />
      )}
    </aside>
  );
}

interface WhyProps {
  readonly explanation: Explanation;
  readonly again: () => void;
  readonly asking: boolean;
}

function Why({ explanation, again, asking }: WhyProps): ReactElement {
  const { cause, sentence, evidence, excluded, action, pointer, sql } = explanation;
  return (
    <>
      <section className="why">
        <h2>{sentence}</h2>
        <p className="mut s1">
          {strings.why.cause(cause)} · <code>{pointer === "" ? "/" : pointer}</code>
          {sql === null ? null : ` · ${strings.why.statement(sql.statement)}`}
        </p>
        <ol className="why-evidence">
          {evidence.map((found) => (
            <li key={found}>{found}</li>
          ))}
        </ol>
        {excluded.map((text) => (
          <p key={text} className="s2">
            {text}
          </p>
        ))}
        <p className="s2 b">{action}</p>
        <button type="button" className="btn small" onClick={again} disabled={asking}>
          {strings.why.again}
        </button>
      </section>
      <Documents explanation={explanation} />
      <Queries explanation={explanation} />
    </>
  );
}

function Documents({ explanation: { documents, documentCount, chosen } }: { readonly explanation: Explanation }): ReactElement {
  return (
    <section className="why-documents">
      <div className="sec">
        <b>{strings.why.documents(documentCount)}</b>
        {chosen === null ? null : <span>{strings.why.chosen(count(chosen.elasticsearch), count(chosen.clickhouse))}</span>}
      </div>
      {documents.length === 0 ? null : (
        <table>
          <thead>
            <tr>
              <th>_id</th>
              <th>
                <Side side="es" />
              </th>
              <th>
                <Side side="ch" />
              </th>
              <th>{strings.why.mirrored}</th>
            </tr>
          </thead>
          <tbody>
            {documents.map((document) => (
              <Document key={`${document.index}/${document.id}`} document={document} />
            ))}
          </tbody>
        </table>
      )}
      {documents.length < documentCount ? <p className="mut s1">{strings.why.more(documentCount - documents.length)}</p> : null}
    </section>
  );
}

function Document({ document: { index, id, elasticsearch, clickhouse, ledger } }: { readonly document: ExplainedDocument }): ReactElement {
  return (
    <tr>
      <td className="mono cut" title={`${index}/${id}`}>
        {id}
      </td>
      <Held text={elasticsearch} />
      <Held text={clickhouse} />
      <td className="num" title={ledger?.mirrored}>
        {ledger === null ? strings.why.never : strings.why.after(ledger.seconds)}
      </td>
    </tr>
  );
}

function Held({ text }: { readonly text: string | null }): ReactElement {
  return text === null ? (
    <td className="why-missing">{strings.responses.missing}</td>
  ) : (
    <td className="mono cut" title={text}>
      {text}
    </td>
  );
}

function Queries({ explanation: { queries } }: { readonly explanation: Explanation }): ReactElement | null {
  if (queries === null) return null;
  const { elasticsearch, clickhouse } = queries;
  return (
    <section className="why-queries">
      <div className="sec">
        <b>{strings.why.queries}</b>
      </div>
      <Query side="es" text={`POST ${elasticsearch.target}\n${elasticsearch.body}`} />
      {clickhouse === null ? null : <Query side="ch" text={clickhouse.sql} />}
    </section>
  );
}

function Query({ side, text }: { readonly side: SideName; readonly text: string }): ReactElement {
  return (
    <div className={`why-query ${side}`}>
      <pre>{text}</pre>
      <CopyButton text={text} />
    </div>
  );
}
