// A differing search made small: begun, followed and stopped here; the smallest request with its differences, and the case that is kept of it.
import { useQueryClient } from "@tanstack/react-query";
import { type ReactElement, useEffect, useState } from "react";
import type { ExchangeDetail } from "../../../shared/exchange.ts";
import { parseJson, printJson } from "../../../shared/json.ts";
import type { ShrinkState, ShrunkSearch } from "../../../shared/shrink.ts";
import { useAction, useCall } from "../../api/hooks.ts";
import { useCommands } from "../../frame/keys.ts";
import { strings } from "../../strings.ts";
import { count } from "../../ui/format.ts";
import { Icon } from "../../ui/icon.tsx";
import { DifferenceRows } from "../overview/difference_rows.tsx";
import "./shrink.css";

const LOOK_EVERY_MS = 500;
const SHRINKABLE = new Set(["different", "unsupported", "failed"]);

export function ShrinkBlock({ exchange }: { readonly exchange: ExchangeDetail }): ReactElement | null {
  const { id, searches } = exchange;
  if (!searches.some(({ comparison }) => SHRINKABLE.has(comparison.verdict))) return null;
  return <Shrinking key={id} id={id} />;
}

function Shrinking({ id }: { readonly id: number }): ReactElement {
  const client = useQueryClient();
  const { data: state } = useCall("exchange.shrink_state", { id });
  const [start, stop] = [useAction("exchange.shrink"), useAction("exchange.shrink_stop")];
  const running = state?.state === "running";
  const take = (next: ShrinkState) => client.setQueryData(["exchange.shrink_state", { id }], next);
  useEffect(() => {
    if (!running) return undefined;
    const timer = setInterval(() => void client.invalidateQueries({ queryKey: ["exchange.shrink_state", { id }] }), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [client, id, running]);
  const result = state?.result ?? null;
  const begin = (): void => start.mutate({ id }, { onSuccess: take });
  useCommands({ shrink: running || start.isPending ? undefined : begin });
  return (
    <section className="block shrink" aria-label={strings.shrink.title}>
      <div className="sec">
        <b>{strings.shrink.title}</b>
        {state === undefined || state.state === "none" ? null : (
          <span role="status">{strings.shrink.progress(state.trials, count(state.before), count(state.now))}</span>
        )}
        <span className="grow" />
        {running ? (
          <button type="button" className="btn small" onClick={() => stop.mutate({ id })}>
            {strings.shrink.stop}
          </button>
        ) : (
          <button type="button" className="btn small" disabled={start.isPending} onClick={begin}>
            {result === null ? strings.shrink.start : strings.shrink.again}
          </button>
        )}
      </div>
      {state?.state === "none" && !start.isError ? <p className="s2 mut">{strings.shrink.advice}</p> : null}
      {start.isError ? <Problem text={start.error.message} /> : null}
      {state?.state === "failed" ? <Problem text={state.problem || strings.shrink.failed} /> : null}
      {result === null ? null : <Result id={id} result={result} />}
    </section>
  );
}

function Result({ id, result }: { readonly id: number; readonly result: ShrunkSearch }): ReactElement {
  const { comparison } = result;
  return (
    <>
      <span className="s2 mut">{strings.shrink.request}</span>
      <pre className="mono scroll">{printJson(parseJson(result.request), 2)}</pre>
      <div className="paths">
        <DifferenceRows differences={comparison.differences} />
      </div>
      {comparison.reason === "" ? null : <p className="s2 dim">{comparison.reason}</p>}
      {result.whole ? null : <p className="s2 mut">{strings.shrink.cut}</p>}
      <KeepCase id={id} />
    </>
  );
}

function KeepCase({ id }: { readonly id: number }): ReactElement {
  const [name, setName] = useState("");
  const keep = useAction("exchange.keep_case");
  return (
    <form
      className="line-up"
      onSubmit={(event) => {
        event.preventDefault();
        keep.mutate({ id, name });
      }}
    >
      <input
        className="field grow"
        aria-label={strings.shrink.name}
        placeholder={strings.shrink.namePlaceholder}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <button type="submit" className="btn small" disabled={name === "" || keep.isPending}>
        <Icon name="pin" />
        {strings.shrink.keep}
      </button>
      {keep.isError ? <Problem text={keep.error.message} /> : null}
      {keep.data === undefined ? null : (
        <p className="s2 breakable" role="status">
          {strings.shrink.kept(keep.data.file, keep.data.documents)}{" "}
          {keep.data.documentsLeftOut === 0 ? "" : strings.shrink.leftOut(count(keep.data.documentsLeftOut))}
        </p>
      )}
    </form>
  );
}

function Problem({ text }: { readonly text: string }): ReactElement {
  return (
    <p className="s2 different" role="alert">
      {text}
    </p>
  );
}
