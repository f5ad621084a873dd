// Connect Kibana: the lines to paste, what arrives, and what of it to hide.
import { useQueryClient } from "@tanstack/react-query";
import { type ReactElement, useState } from "react";
import type { Status } from "../../shared/contract.ts";
import type { KibanaSeenSign, KibanaState } from "../../shared/kibana.ts";
import { useCall, useEvent } from "../api/hooks.ts";
import { printRoute } from "../route.ts";
import { strings } from "../strings.ts";
import { QUICK_FILTERS } from "../traffic/quick_filters.ts";
import { Block } from "../ui/block.tsx";
import { CopyButton, Segments } from "../ui/controls.tsx";
import { clock, count } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { AwaitedPage } from "../ui/state.tsx";
import { hintsOf } from "./hints.ts";
import { KIBANA_FORMS, type KibanaForm, settingsOf } from "./settings_of.ts";
import "./kibana.css";

const WORDS = strings.kibana;
/** Kibana's own, for the whole of its traffic. */
const ALL = '~client "kibana[:/]"';

export function KibanaPage(): ReactElement {
  const client = useQueryClient();
  const state = useCall("kibana.get", {});
  const status = useCall("status.get", {}, { staleMs: 30_000 }).data;
  useEvent("kibana", (seen) => client.setQueryData(["kibana.get", {}], seen));
  if (state.data === undefined) return <AwaitedPage page="kibana" title={WORDS.unavailable} query={state} />;
  return (
    <>
      <div className="page-head">
        <h1>{strings.pages.kibana}</h1>
        <span className="s2 mut">{saidOf(state.data)}</span>
      </div>
      <div className="fill scroll kibana-page">
        <div>
          <Pointing state={state.data} status={status} />
          <Hints state={state.data} status={status} />
          <Noise />
        </div>
        <div>
          <Seen state={state.data} />
        </div>
      </div>
    </>
  );
}

interface PartProps {
  readonly state: KibanaState;
  readonly status: Status | undefined;
}

function saidOf({ signs, version }: KibanaState): string {
  const all = signs.reduce((sum, sign) => sum + sign.count, 0);
  if (all === 0) return WORDS.nothing;
  return `${version === null ? WORDS.unknownVersion : WORDS.version(version)} · ${WORDS.count(all)}`;
}

function Pointing({ state, status }: PartProps): ReactElement {
  const [form, setForm] = useState<KibanaForm>("yml");
  const { tls, authorityFile } = state;
  const version = status?.elasticsearch.version ?? null;
  const text = settingsOf(form, { port: status?.proxy.port ?? 9280, tls, authorityFile, version });
  return (
    <Block title={WORDS.point}>
      <p className="s2 mut">{WORDS.pointHint}</p>
      <div className="kibana-form">
        <Segments
          label={WORDS.form}
          small
          choices={KIBANA_FORMS.map((value) => ({ value, label: WORDS.forms[value] }))}
          value={form}
          onChange={setForm}
        />
        <CopyButton text={text} label={strings.copy} />
      </div>
      <pre className="kibana-lines mono">{text}</pre>
      {form === "yml" ? null : <p className="s2 mut">{WORDS.network}</p>}
      <p className="s2 mut breakable">{tlsOf(state)}</p>
    </Block>
  );
}

function tlsOf({ tls, authorityFile }: KibanaState): string {
  switch (tls) {
    case "off":
      return WORDS.noTls;
    case "own":
      return WORDS.ownTls(authorityFile ?? "");
    case "given":
      return WORDS.givenTls;
    case "pass":
      return WORDS.passTls;
  }
}

function Seen({ state }: { readonly state: KibanaState }): ReactElement {
  return (
    <Block title={WORDS.seen}>
      <ul className="kibana-signs">
        {state.signs.map((sign) => (
          <Sign key={sign.sign} seen={sign} />
        ))}
      </ul>
    </Block>
  );
}

function Sign({ seen }: { readonly seen: KibanaSeenSign }): ReactElement {
  const { name, what } = WORDS.signs[seen.sign];
  const lit = seen.count > 0;
  return (
    <li className={lit ? "lit" : ""} data-sign={seen.sign}>
      <Icon name={lit ? (seen.refused > 0 ? "failed" : "check") : "not_compared"} />
      <span>
        <b>{name}</b>
        <span className="s2 mut">{lit ? <span className="mono breakable">{seen.example}</span> : what}</span>
      </span>
      <span className="s2 num">
        {lit ? WORDS.count(seen.count) : <span className="mut">{WORDS.notYet}</span>}
        {seen.refused === 0 ? null : <span className="different">{WORDS.refusedCount(count(seen.refused))}</span>}
        {seen.last === null ? null : <span className="mut">{WORDS.last(clock(Date.parse(seen.last)).time)}</span>}
      </span>
    </li>
  );
}

function Hints({ state, status }: PartProps): ReactElement {
  return (
    <Block title={WORDS.hints}>
      <div role="status">
        {hintsOf(state, status).map(({ text, bad }) => (
          <p key={text} className={`note${bad ? " different" : ""}`}>
            {text}
          </p>
        ))}
      </div>
      <ul className="kibana-usual s2 mut">
        {WORDS.usual.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </Block>
  );
}

/** The ready-made filters against noise: each opens Traffic with it. */
function Noise(): ReactElement {
  const presets = QUICK_FILTERS.filter(({ group }) => group === "noise" || group === "hidden");
  return (
    <Block title={WORDS.noise}>
      <p className="s2 mut">{WORDS.noiseHint}</p>
      <div className="kibana-noise">
        {presets.map(({ id, label, filter }) => (
          <a key={id} className="btn small" href={printRoute({ page: "traffic", filter })}>
            {label}
          </a>
        ))}
        <a className="btn small" href={printRoute({ page: "traffic", filter: ALL })}>
          {WORDS.all}
        </a>
      </div>
    </Block>
  );
}
