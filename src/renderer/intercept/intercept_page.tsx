// Intercept: how a client is pointed at the proxy, and how it is made to trust the certificate.
import { type ReactElement, useEffect } from "react";
import { type AuthorityFacts, type InterceptInfo, type Steps, trustSteps } from "../../shared/intercept.ts";
import { useAction, useCall } from "../api/hooks.ts";
import { strings } from "../strings.ts";
import { Block, Fact } from "../ui/block.tsx";
import { CopyButton, Switch } from "../ui/controls.tsx";
import { AwaitedPage } from "../ui/state.tsx";
import "./intercept.css";

export function InterceptPage(): ReactElement {
  const info = useCall("intercept.get", {});
  const set = useAction("intercept.set");
  const { refetch } = info;
  useEffect(() => {
    if (set.isSuccess || set.isError) void refetch();
  }, [set.isSuccess, set.isError, refetch]);
  if (info.data === undefined) return <AwaitedPage page="intercept" title={strings.intercept.unavailable} query={info} />;
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
        <div className="two-columns">
          <div>
            <Pointing info={info.data} />
            <Certificate authority={authority} />
          </div>
          <Block title={strings.intercept.trust}>
            {trustSteps(authority.file, url, authority.name).map((steps) => (
              <Trust key={steps.platform} steps={steps} />
            ))}
            <p className="mut">{strings.intercept.ownPage}</p>
          </Block>
        </div>
      </div>
    </>
  );
}

function Pointing({ info }: { readonly info: InterceptInfo }): ReactElement {
  return (
    <Block title={strings.intercept.pointing}>
      <Fact label={strings.intercept.proxy} value={info.url} />
      <Fact label={strings.intercept.environment} value={`HTTP_PROXY=${info.url}\nHTTPS_PROXY=${info.url}`} />
      <Fact label={strings.intercept.elasticsearch} hint={strings.intercept.elasticsearchHint} value={info.elasticsearchHosts.join(", ")} />
      {info.passThrough.length === 0 ? null : <Fact label={strings.intercept.passThrough} value={info.passThrough.join(", ")} />}
    </Block>
  );
}

function Certificate({ authority }: { readonly authority: AuthorityFacts }): ReactElement {
  return (
    <Block title={strings.intercept.certificate}>
      <p className="mut">{strings.intercept.certificateHint}</p>
      <Fact label={strings.intercept.name} value={authority.name} />
      <Fact label={strings.intercept.fingerprint} value={inHalves(authority.fingerprint)} />
      <Fact label={strings.intercept.until} value={authority.until.slice(0, 10)} />
      <Fact label={strings.intercept.file} value={authority.file} />
      <div className="certificate-actions">
        <button type="button" className="btn small" onClick={() => save(authority.pem)}>
          {strings.intercept.save}
        </button>
        <CopyButton text={authority.pem} label={strings.intercept.copy} />
      </div>
    </Block>
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
