// One exchange: its head (verdict, the sentence, the request line), its tabs, its actions. Beside the list or alone.

import { useQueryClient } from "@tanstack/react-query";
import { type ReactElement, type ReactNode, useState } from "react";
import type { ExchangeDetail, ExchangeSummary } from "../../shared/exchange.ts";
import type { EngineError } from "../api/ask.ts";
import { useAction, useCall, useEvent } from "../api/hooks.ts";
import { useReadOnly } from "../api/read_only.ts";
import { useSharedFile } from "../api/shared_file.ts";
import { CommandKey } from "../frame/command_key.tsx";
import { withKey } from "../frame/commands.ts";
import { useCommands } from "../frame/keys.ts";
import { go, printRoute } from "../route.ts";
import { ShareButton } from "../share/share_button.tsx";
import { strings } from "../strings.ts";
import { IconButton, Tabs } from "../ui/controls.tsx";
import { ErrorBoundary } from "../ui/error_boundary.tsx";
import { clock, count } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { LoadingBars, State } from "../ui/state.tsx";
import { VerdictMark } from "../ui/verdict.tsx";
import { CopyMenu } from "./copy/copy_menu.tsx";
import { Marks } from "./marks.tsx";
import { useProbe } from "./noise/use_probe.ts";
import { Overview } from "./overview/overview.tsx";
import { ProfileTab } from "./profile/profile_tab.tsx";
import { RawTab } from "./raw_tab.tsx";
import { RequestTab } from "./request_tab.tsx";
import { ResponsesTab } from "./responses_tab.tsx";
import { sentenceOf } from "./sentence.ts";
import { TranslationTab } from "./translation/translation_tab.tsx";
import "./exchange.css";

export const TABS = ["overview", "request", "responses", "translation", "profile", "raw"] as const;
export type TabName = (typeof TABS)[number];

interface ExchangeViewProps {
  readonly id: number;
  readonly tab: string;
  readonly alone?: boolean;
  readonly onTab: (tab: TabName) => void;
  readonly onClose?: () => void;
  readonly onChanged?: (row: ExchangeSummary) => void;
  readonly onStep?: (step: 1 | -1) => void;
}

export function ExchangeView(props: ExchangeViewProps): ReactElement {
  const { id, onTab } = props;
  const detail = useDetail(id);
  const [edited, setEdited] = useState<number | null>(null);
  const shared = useSharedFile();
  const tab = TABS.find((known) => known === props.tab) ?? "overview";
  useCommands({
    tabOverview: () => onTab("overview"),
    tabRequest: () => onTab("request"),
    tabResponses: () => onTab("responses"),
    tabTranslation: () => onTab("translation"),
    tabProfile: () => onTab("profile"),
    tabRaw: () => onTab("raw"),
  });
  if (detail.data === undefined) {
    return (
      <Headed {...props}>{detail.error === null ? <LoadingBars /> : <Gone id={id} error={detail.error} onAgain={detail.refetch} />}</Headed>
    );
  }
  return (
    <>
      <Head key={id} {...props} exchange={detail.data} />
      <Tabs<TabName>
        label={strings.exchange.tabs}
        value={tab}
        choices={TABS.map((value) => ({ value, label: strings.exchange.tab[value] }))}
        onChange={onTab}
      />
      <ErrorBoundary at={`${id} ${tab}`}>
        <TabBody key={`${id} ${edited === id}`} tab={tab} exchange={detail.data} edited={edited === id} onTab={onTab} />
      </ErrorBoundary>
      {shared ? null : (
        <Actions
          exchange={detail.data}
          onEdit={() => {
            setEdited(id);
            onTab("request");
          }}
          onProbe={() => onTab("overview")}
        />
      )}
    </>
  );
}

/** Around an exchange that is on its way or can't be had: its number and the ways out, at once. */
function Headed({ id, tab, alone, onClose, children }: ExchangeViewProps & { readonly children: ReactNode }): ReactElement {
  return (
    <>
      <div className="exchange-head">
        <div className="line-up exchange-title">
          {alone === true ? <BackToTraffic id={id} tab={tab} /> : null}
          <h1 className="grow">{strings.exchange.title(id)}</h1>
          {onClose === undefined ? null : <IconButton icon="close" label={strings.close} onClick={onClose} />}
        </div>
      </div>
      {children}
    </>
  );
}

function Gone({ id, error, onAgain }: { readonly id: number; readonly error: EngineError; readonly onAgain: () => unknown }): ReactElement {
  const action =
    error.code === "no_exchange"
      ? { label: strings.exchange.toTraffic, run: () => go({ page: "traffic" }) }
      : { label: strings.again, run: () => void onAgain() };
  return (
    <State title={strings.exchange.gone(id)} action={action}>
      {error.message}
    </State>
  );
}

function BackToTraffic({ id, tab }: { readonly id: number; readonly tab: string }): ReactElement {
  return (
    <a className="btn ghost small" href={printRoute({ page: "traffic", id, tab })}>
      <Icon name="left" />
      {strings.pages.traffic}
    </a>
  );
}

/** The exchange, asked again when an event says that it changed. */
function useDetail(id: number) {
  const client = useQueryClient();
  const detail = useCall("exchange.get", { id }, { staleMs: 60_000 });
  useEvent("exchanges", (event) => {
    if (event.changed.some((row) => row.id === id)) void client.invalidateQueries({ queryKey: ["exchange.get", { id }] });
  });
  return detail;
}

function Head(props: ExchangeViewProps & { readonly exchange: ExchangeDetail }): ReactElement {
  const { exchange, onStep, onClose } = props;
  const { time, millis } = clock(exchange.time);
  const readOnly = useReadOnly();
  const shared = useSharedFile();
  const [marking, setMarking] = useState(false);
  useCommands({ comment: readOnly ? undefined : () => setMarking(true) });
  return (
    <div className="exchange-head">
      <div className="line-up exchange-title">
        {props.alone === true ? <BackToTraffic id={exchange.id} tab={props.tab} /> : null}
        {exchange.verdict === null ? null : <VerdictMark verdict={exchange.verdict} badge />}
        {props.alone === true ? (
          <h1 className="grow" title={sentenceOf(exchange)}>
            {sentenceOf(exchange)}
          </h1>
        ) : null}
        <span className="mut s2 nowrap">
          #{count(exchange.id)} · {time}
          {millis}
        </span>
        {props.alone === true ? null : <span className="grow" />}
        <span className="line-up" style={{ gap: 2 }}>
          {onStep === undefined ? null : (
            <>
              <IconButton icon="up" label={withKey(strings.commands.previousMismatch, "previousMismatch")} onClick={() => onStep(-1)} />
              <IconButton icon="down" label={withKey(strings.commands.nextMismatch, "nextMismatch")} onClick={() => onStep(1)} />
            </>
          )}
          {readOnly ? null : (
            <>
              <PinButton {...props} />
              <IconButton icon="comment" label={withKey(strings.marks.edit, "comment")} onClick={() => setMarking(true)} />
            </>
          )}
          {shared || exchange.shape === "" ? null : (
            <a
              className="btn ghost small icon-only"
              href={printRoute({ page: "traffic", filter: `~shape ${exchange.shape}`, id: exchange.id })}
              aria-label={strings.commands.sameShape}
              title={strings.commands.sameShape}
            >
              <Icon name="filter" />
            </a>
          )}
          {props.alone === true ? null : (
            <IconButton
              icon="open"
              label={withKey(strings.exchange.alone, "openAlone")}
              onClick={() => go({ page: "exchange", id: exchange.id, tab: props.tab })}
            />
          )}
          {onClose === undefined ? null : <IconButton icon="close" label={strings.close} onClick={onClose} />}
        </span>
      </div>
      {props.alone === true ? null : <h1>{sentenceOf(exchange)}</h1>}
      <div className="line-up mono dim">
        <span className="cut" title={`${exchange.method} ${exchange.path}`}>
          {exchange.method} {exchange.path}
        </span>
        <span className={`nowrap ${exchange.status >= 400 ? "different" : "mut"}`}>{exchange.status === 0 ? "" : exchange.status}</span>
      </div>
      <Marks exchange={exchange} editing={marking} onChanged={props.onChanged} onDone={() => setMarking(false)} />
    </div>
  );
}

function PinButton({ exchange, onChanged }: ExchangeViewProps & { readonly exchange: ExchangeDetail }): ReactElement {
  const client = useQueryClient();
  const pin = useAction("exchange.pin");
  const toggle = () =>
    pin.mutate(
      { id: exchange.id, pinned: !exchange.pinned },
      {
        onSuccess: (row) => {
          onChanged?.(row);
          void client.invalidateQueries({ queryKey: ["exchange.get", { id: exchange.id }] });
        },
      },
    );
  useCommands({ pin: toggle });
  const label = exchange.pinned ? withKey(strings.exchange.unpin, "pin") : withKey(strings.exchange.pin, "pin");
  return <IconButton icon={exchange.pinned ? "pinned" : "pin"} label={label} pressed={exchange.pinned} onClick={toggle} />;
}

interface TabBodyProps {
  readonly tab: TabName;
  readonly exchange: ExchangeDetail;
  /** The request is to be changed and sent again. */
  readonly edited: boolean;
  readonly onTab: (tab: TabName) => void;
}

function TabBody({ tab, exchange, edited, onTab }: TabBodyProps): ReactElement {
  switch (tab) {
    case "overview":
      return <Overview exchange={exchange} onTab={onTab} />;
    case "request":
      return <RequestTab exchange={exchange} edited={edited} />;
    case "responses":
      return <ResponsesTab exchange={exchange} />;
    case "translation":
      return <TranslationTab exchange={exchange} />;
    case "profile":
      return <ProfileTab exchange={exchange} />;
    case "raw":
      return <RawTab exchange={exchange} />;
    default:
      return tab satisfies never;
  }
}

interface ActionsProps {
  readonly exchange: ExchangeDetail;
  readonly onEdit?: () => void;
  /** The noise probe has begun: it is shown on the overview. */
  readonly onProbe: () => void;
}

function Actions({ exchange, onEdit, onProbe }: ActionsProps): ReactElement {
  const resend = useAction("exchange.resend");
  const send = () => resend.mutate({ id: exchange.id });
  const { id, shape } = exchange;
  useCommands({
    resend: send,
    editRequest: onEdit,
    sameShape: shape === "" ? undefined : () => go({ page: "traffic", filter: `~shape ${shape}`, id }),
  });
  return (
    <div className="actions">
      <button type="button" className="btn small" disabled={resend.isPending} onClick={send}>
        <Icon name="repeat" />
        {resend.isSuccess ? strings.exchange.resent : strings.exchange.resend}
        <CommandKey of="resend" />
      </button>
      {onEdit === undefined ? null : (
        <button type="button" className="btn small" onClick={onEdit}>
          <Icon name="edit" />
          {strings.exchange.editAndSend}
        </button>
      )}
      {exchange.kind === "search" && exchange.searches.length > 0 ? <ProbeButton id={exchange.id} onProbe={onProbe} /> : null}
      <CopyMenu exchange={exchange} />
      <ShareButton of={{ ids: [exchange.id] }} command="share" />
      {resend.isError ? (
        <span className="s2 different cut" role="alert" title={resend.error.message}>
          {resend.error.message}
        </span>
      ) : null}
    </div>
  );
}

function ProbeButton({ id, onProbe }: { readonly id: number; readonly onProbe: () => void }): ReactElement {
  const { running, start, error } = useProbe(id);
  const begin = (): void => {
    start();
    onProbe();
  };
  useCommands({ probe: running ? undefined : begin });
  return (
    <button type="button" className="btn small" disabled={running} title={error?.message ?? strings.noise.advice} onClick={begin}>
      {strings.noise.action}
    </button>
  );
}
