// Empty, loading and error: in the place of the content. What happened, to what; what to do; one button.
import type { ReactElement, ReactNode } from "react";
import type { PageName } from "../route.ts";
import { strings } from "../strings.ts";
import { CopyButton } from "./controls.tsx";

interface StateProps {
  readonly title: string;
  readonly children?: ReactNode;
  /** A line to take elsewhere. */
  readonly paste?: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

export function State({ title, children, paste, action }: StateProps): ReactElement {
  return (
    <div className="state" role="status">
      <h2>{title}</h2>
      {children === undefined ? null : <p>{children}</p>}
      {paste === undefined ? null : (
        <div className="paste-line">
          <span className="breakable">{paste}</span>
          <CopyButton text={paste} />
        </div>
      )}
      {action === undefined ? null : (
        <button type="button" className="btn" onClick={action.run}>
          {action.label}
        </button>
      )}
    </div>
  );
}

interface UnavailableProps {
  readonly title: string;
  /** What was asked, and refused. */
  readonly query: { readonly error: Error | null; refetch(): unknown };
}

/** In the place of what could not be had: why, and a way to ask again. */
export function Unavailable({ title, query }: UnavailableProps): ReactElement {
  return (
    <State title={title} action={{ label: strings.again, run: () => void query.refetch() }}>
      {query.error?.message}
    </State>
  );
}

interface AwaitedPageProps extends UnavailableProps {
  readonly page: PageName;
}

/** A page whose content is on its way, or refused: its head at once. */
export function AwaitedPage({ page, title, query }: AwaitedPageProps): ReactElement {
  return (
    <>
      <div className="page-head">
        <h1>{strings.pages[page]}</h1>
      </div>
      {query.error === null ? <LoadingBars /> : <Unavailable title={title} query={query} />}
    </>
  );
}

const WIDTHS = [62, 48, 71, 55, 66, 40];

/** Grey bars, shown after 200 ms; what takes longer than a moment says in words that it is awaited. */
export function LoadingBars(): ReactElement {
  return (
    <div className="bars" aria-busy="true">
      {WIDTHS.map((width) => (
        <i key={width} style={{ width: `${width}%` }} />
      ))}
      <p>{strings.awaited}</p>
    </div>
  );
}
