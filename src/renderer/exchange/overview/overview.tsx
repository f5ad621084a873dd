// Overview: time, both answers in figures, where they differ and what a rule let pass, what was mirrored, who asked.
import type { ReactElement } from "react";
import type { Comparison, ExchangeDetail, MirrorNote, SearchPart, Unsupported } from "../../../shared/exchange.ts";
import { useSharedFile } from "../../api/shared_file.ts";
import { CommandKey } from "../../frame/command_key.tsx";
import { strings } from "../../strings.ts";
import { clientName } from "../../traffic/client_name.ts";
import { count, ms, percent } from "../../ui/format.ts";
import { VerdictMark } from "../../ui/verdict.tsx";
import type { TabName } from "../exchange_view.tsx";
import { NoiseBlock } from "../noise/noise_block.tsx";
import { ShrinkBlock } from "../shrink/shrink_block.tsx";
import { BothAnswers } from "./both_answers.tsx";
import { DifferenceRows } from "./difference_rows.tsx";
import { JudgeAgainBlock } from "./judge_again_block.tsx";
import { Waterfall } from "./waterfall.tsx";

interface OverviewProps {
  readonly exchange: ExchangeDetail;
  readonly onTab: (tab: TabName) => void;
}

export function Overview({ exchange, onTab }: OverviewProps): ReactElement {
  const single = exchange.searches.length === 1 ? exchange.searches[0] : undefined;
  return (
    <div className="overview fill scroll">
      <Waterfall exchange={exchange} />
      {exchange.mirror === null ? null : <Mirrored mirror={exchange.mirror} />}
      <BothAnswers exchange={exchange} />
      {single === undefined ? null : <Outcome comparison={single.comparison} onTab={onTab} />}
      {exchange.searches.length > 1 ? <Searches parts={exchange.searches} onTab={onTab} /> : null}
      {useSharedFile() ? null : <ShrinkBlock exchange={exchange} />}
      <NoiseBlock exchange={exchange} />
      <JudgeAgainBlock key={exchange.id} exchange={exchange} />
      <SentBy exchange={exchange} />
    </div>
  );
}

function Outcome({ comparison, onTab }: { readonly comparison: Comparison; readonly onTab: (tab: TabName) => void }): ReactElement {
  return (
    <>
      {comparison.differenceCount > 0 ? <Paths comparison={comparison} onTab={onTab} /> : null}
      {comparison.unsupported.length > 0 ? <NotTranslated clauses={comparison.unsupported} onTab={onTab} /> : null}
      {comparison.rules.length > 0 ? <Rules comparison={comparison} /> : null}
    </>
  );
}

function Paths({ comparison, onTab }: { readonly comparison: Comparison; readonly onTab: (tab: TabName) => void }): ReactElement {
  return (
    <div className="block paths">
      <div className="sec">
        <b>{strings.overview.differsAt(comparison.differenceCount)}</b>
        <span>{strings.overview.compared(percent(comparison.comparedLeaves, comparison.totalLeaves))}</span>
        <span className="grow" />
        <button type="button" className="link" onClick={() => onTab("responses")}>
          {strings.overview.openDiff}
        </button>
        <CommandKey of="diff" />
      </div>
      <DifferenceRows differences={comparison.differences} />
    </div>
  );
}

function NotTranslated({
  clauses,
  onTab,
}: {
  readonly clauses: readonly Unsupported[];
  readonly onTab: (tab: TabName) => void;
}): ReactElement {
  return (
    <div className="block">
      <div className="sec">
        <b>{strings.overview.unsupported(clauses.length)}</b>
        <span className="grow" />
        <button type="button" className="link" onClick={() => onTab("translation")}>
          {strings.overview.openTranslation}
        </button>
      </div>
      {clauses.map((clause) => (
        <div key={`${clause.pointer} ${clause.reason}`} className="note unsupported">
          <span className="mono">{clause.pointer === "" ? "/" : clause.pointer}</span>
          <br />
          {clause.reason}
        </div>
      ))}
    </div>
  );
}

function Rules({ comparison }: { readonly comparison: Comparison }): ReactElement {
  return (
    <div className="block">
      <div className="sec">
        <b>{strings.overview.rules}</b>
        <span>{strings.overview.compared(percent(comparison.comparedLeaves, comparison.totalLeaves))}</span>
      </div>
      {comparison.rules.map((rule) => (
        <div key={`${rule.rule} ${rule.reason}`} className="rule s2">
          <code>{rule.rule}</code>
          <span className="dim">{rule.reason}</span>
          <span className="num mut">{count(rule.count)}</span>
        </div>
      ))}
    </div>
  );
}

function Searches({ parts, onTab }: { readonly parts: readonly SearchPart[]; readonly onTab: (tab: TabName) => void }): ReactElement {
  return (
    <div className="block searches">
      <div className="sec">
        <b>{strings.overview.searches(parts.length)}</b>
        <span className="grow" />
        <button type="button" className="link" onClick={() => onTab("responses")}>
          {strings.overview.openDiff}
        </button>
      </div>
      {parts.map((part) => (
        <div key={part.position} className="tr" title={part.comparison.reason}>
          <span className="num mut">{part.position + 1}</span>
          <span className="mono cut">{part.index}</span>
          <span className="num ch">{ms(part.clickhouseMs)}</span>
          <VerdictMark verdict={part.comparison.verdict} />
        </div>
      ))}
    </div>
  );
}

function Mirrored({ mirror }: { readonly mirror: MirrorNote }): ReactElement {
  const rows = [
    [strings.overview.mirror.indexed, mirror.indexed],
    [strings.overview.mirror.deleted, mirror.deleted],
    [strings.overview.mirror.rejected, mirror.failed],
    [strings.overview.mirror.notMirrored, mirror.notMirrored],
  ] as const;
  return (
    <div className="block">
      <div className="sec">
        <b>{strings.overview.mirror.title}</b>
      </div>
      {rows
        .filter(([, value]) => value > 0)
        .map(([label, value]) => (
          <div key={label} className="pair-line s2">
            <span className="dim">{label}</span>
            <span className="num">{count(value)}</span>
          </div>
        ))}
      {mirror.reason === "" ? null : <p className="note different">{mirror.reason}</p>}
    </div>
  );
}

function SentBy({ exchange }: { readonly exchange: ExchangeDetail }): ReactElement {
  const name = clientName(exchange.client);
  return (
    <div className="block">
      <div className="sec">
        <b>{strings.overview.sentBy}</b>
      </div>
      <div className="s2">
        {name.main === "" ? strings.overview.unknownClient : name.main} <span className="mut">{name.rest}</span>
      </div>
      <div className="s2 mono mut cut" title={exchange.client}>
        {exchange.client}
      </div>
      {exchange.source === undefined ? null : <div className="s2 mono mut">{strings.overview.source(exchange.source)}</div>}
    </div>
  );
}
