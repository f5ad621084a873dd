// Intercept: how a client is pointed at the proxy, and how it is made to trust the certificate.
import { type ReactElement, type ReactNode, useEffect } from "react";
import { type AuthorityFacts, type InterceptInfo, type Steps, trustSteps } from "../../shared/intercept.ts";
import { useAction, useCall } from "../api/hooks.ts";
import { strings } from "../strings.ts";
import { CopyButton, Switch } from "../ui/controls.tsx";
import { LoadingBars, State } from "../ui/state.tsx";
import "../status/status.css";
import "./intercept.css";

export function InterceptPage(): ReactElement {
  const info = useCall("intercept.get", {});
  const set = useAction("intercept.set");
  const { refetch } = info;
  useEffect(() => {
    if (set.isSuccess || set.isError) void refetch();
  }, [set.isSuccess, set.isError, refetch]);
  if (info.isError && info.data === undefined) return <State title={strings.intercept.unavailable}>{info.error.message}</State>;
  if (info.data === undefined) return <LoadingBars />;
  const { on, url, authority } = info.data;
  return (
    <>
      <div className="page-head">
        <h1>{strings.pages.intercept}</h1>
        <Switch on={on} onChange={(wanted) => set.mutate({ on: wanted })}>
          {on ? strings.intercept.on : strings.intercept.off}
        </Switch>
        <span className="s2 mut">{strings.intercept.lead}</span>
      </div>
      <div className="fill scroll intercept-page">
        {set.error === null ? null : <p className="note different">{set.error.message}</p>}
        <Pointing info={info.data} />
        <Certificate authority={authority} />
        <Section title={strings.intercept.trust}>
          {trustSteps(authority.file, url, authority.name).map((steps) => (
            <Trust key={steps.platform} steps={steps} />
          ))}
          <p className="mut">{strings.intercept.ownPage}</p>
        </Section>
      </div>
    </>
  );
}

function Pointing({ info }: { readonly info: InterceptInfo }): ReactElement {
  return (
    <Section title={strings.intercept.pointing}>
      <Line label={strings.intercept.proxy}>{info.url}</Line>
      <Line label={strings.intercept.environment}>{`HTTP_PROXY=${info.url} HTTPS_PROXY=${info.url}`}</Line>
      <Line label={strings.intercept.elasticsearch} hint={strings.intercept.elasticsearchHint}>
        {info.elasticsearchHosts.join(", ")}
      </Line>
      {info.passThrough.length === 0 ? null : <Line label={strings.intercept.passThrough}>{info.passThrough.join(", ")}</Line>}
    </Section>
  );
}

function Certificate({ authority }: { readonly authority: AuthorityFacts }): ReactElement {
  return (
    <Section title={strings.intercept.certificate}>
      <p className="mut">{strings.intercept.certificateHint}</p>
      <Line label={strings.intercept.name}>{authority.name}</Line>
      <Line label={strings.intercept.fingerprint}>{inHalves(authority.fingerprint)}</Line>
      <Line label={strings.intercept.until}>{authority.until.slice(0, 10)}</Line>
      <Line label={strings.intercept.file}>{authority.file}</Line>
      <div className="certificate-actions">
        <button type="button" className="btn small" onClick={() => save(authority.pem)}>
          {strings.intercept.save}
        </button>
        <CopyButton text={authority.pem} label={strings.intercept.copy} />
      </div>
    </Section>
  );
}

function Trust({ steps }: { readonly steps: Steps }): ReactElement {
  return (
    <details>
      <summary>{steps.platform}</summary>
      {steps.steps.map((step) => (
        <p key={step}>{step}</p>
      ))}
      <Commands text={steps.commands} />
      {steps.undo === "" ? null : (
        <>
          <p>{strings.intercept.undo}</p>
          <Commands text={steps.undo} />
        </>
      )}
    </details>
  );
}

function Commands({ text }: { readonly text: string }): ReactElement | null {
  if (text === "") return null;
  return (
    <div className="command">
      <pre className="mono">{text}</pre>
      <CopyButton text={text} />
    </div>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  return (
    <section className="block">
      <div className="sec">
        <b>{title}</b>
      </div>
      {children}
    </section>
  );
}

function Line({ label, hint = "", children }: { readonly label: string; readonly hint?: string; readonly children: string }): ReactElement {
  return (
    <div className="status-line">
      <span className="dim">{label}</span>
      <span>
        <span className="mono breakable">{children}</span>
        {hint === "" ? null : <span className="mut"> {hint}</span>}
      </span>
    </div>
  );
}

/** A line for each half of the 32 octets: where it breaks is then the same in every window. */
function inHalves(fingerprint: string): string {
  const middle = Math.ceil(fingerprint.length / 2);
  return `${fingerprint.slice(0, middle)} ${fingerprint.slice(middle)}`;
}

/** Saves as a file, in a browser and in a window alike. */
function save(pem: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([pem], { type: "application/x-pem-file" }));
  link.download = "parallax-ca.pem";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
