// What worked on an exchange, as lanes over one axis: Parallax's phases, its threads, ClickHouse's statements and processors, Elasticsearch's
// profile. Pure.
import type {
  ClickHouseProfile,
  ElasticsearchProfile,
  ExchangeProfile,
  ProfilePhase,
  ProfileRun,
  StatementProfile,
} from "../../../shared/exchange_profile.ts";
import { type FlameNode, type FlameSide, framesOf, type LaneFrame } from "../../../shared/flame.ts";
import { strings } from "../../strings.ts";

export interface Lane {
  readonly id: string;
  readonly tag: "px" | "es" | "ch";
  readonly title: string;
  readonly note: string;
  readonly frames: readonly LaneFrame[];
}

/** An exchange as it went by, or a run. */
export type Shown = Pick<ExchangeProfile, "phases" | "totalUs" | "clickhouse"> & Partial<Pick<ProfileRun, "elasticsearch" | "cpu">>;

const WORDS = strings.profile;
const SIDES: Readonly<Record<ProfilePhase["by"], FlameSide>> = { own: "own", es: "es", ch: "ch", wait: "gc" };
/** What took less, as a share of all, is left out of ClickHouse's lane: a pipeline has dozens of processors that pass on what they get. */
const LEAST = 1 / 2000;

export function lanesOf(shown: Shown): readonly Lane[] {
  const phases: Lane = { id: "phases", tag: "px", title: WORDS.lane.phases, note: WORDS.phasesNote, frames: shown.phases.map(phaseFrame) };
  return [
    phases,
    ...threadLanes(shown),
    ...(shown.clickhouse.state === "there" ? [clickhouseLane(shown.clickhouse.value, shown.totalUs * LEAST)] : []),
    ...(shown.elasticsearch?.state === "there" ? [elasticsearchLane(shown.elasticsearch.value, shown.phases)] : []),
  ].filter(({ id, frames }) => frames.length > 0 || id.startsWith("thread "));
}

/** A phase's name, with its search where there are several. */
export function phaseName({ name, search }: ProfilePhase): string {
  return search === null ? WORDS.phase[name] : `${WORDS.phase[name]} ${search + 1}`;
}

function phaseFrame(phase: ProfilePhase): LaneFrame {
  return { name: phaseName(phase), where: "", side: SIDES[phase.by], depth: 0, from: phase.from, to: phase.to };
}

function threadLanes({ cpu, totalUs }: Shown): readonly Lane[] {
  if (cpu?.state !== "there") return [];
  const { threads, origin, intervalUs } = cpu.value;
  return threads.map(({ thread, profile, problem }) => {
    const frames = framesOf(profile, origin).flatMap((frame) => clipped(frame, totalUs));
    return { id: `thread ${thread}`, tag: "px", title: WORDS.thread(thread), note: problem ?? WORDS.sampled(intervalUs), frames };
  });
}

/** What of a frame lies on the axis. */
function clipped(frame: LaneFrame, end: number): readonly LaneFrame[] {
  const [from, to] = [Math.max(0, frame.from), Math.min(end, frame.to)];
  return to > from ? [{ ...frame, from, to }] : [];
}

function clickhouseLane({ statements }: ClickHouseProfile, least: number): Lane {
  const frames: LaneFrame[] = [];
  let depth = 0;
  for (const statement of statements) {
    const { from, to } = statement;
    if (from === null || to === null) continue;
    frames.push({ name: statement.name, where: statement.queryId ?? "", side: "ch", depth, from, to });
    const processors = processorFrames(statement, from, to, Math.max(1, least));
    frames.push(...processors.map((frame) => ({ ...frame, depth: frame.depth + depth + 1 })));
    depth = Math.max(depth, ...frames.map((frame) => frame.depth)) + 1;
  }
  const peak = Math.max(0, ...statements.map(({ memoryBytes }) => memoryBytes ?? 0));
  return { id: "clickhouse", tag: "ch", title: WORDS.lane.clickhouse, note: WORDS.clickhouseNote(statements.length, peak), frames };
}

// Each from where its busiest one had waited for its rows; in the first row that has room for it.
function processorFrames({ processors }: StatementProfile, start: number, end: number, least: number): readonly LaneFrame[] {
  const rows: number[] = [];
  const worked = processors.filter(({ busiest }) => busiest.workedUs >= least);
  return worked
    .toSorted((a, b) => a.busiest.waitedUs - b.busiest.waitedUs || b.busiest.workedUs - a.busiest.workedUs)
    .map(({ name, step, busiest }) => {
      const from = Math.min(start + busiest.waitedUs, Math.max(start, end - busiest.workedUs));
      const to = Math.min(end, from + busiest.workedUs);
      const free = rows.findIndex((until) => until <= from);
      const depth = free === -1 ? rows.length : free;
      rows[depth] = to;
      return { name: name.replace(/\(.*/, ""), where: step, side: "ch", depth, from, to };
    });
}

function elasticsearchLane({ searches, asked }: ElasticsearchProfile, phases: readonly ProfilePhase[]): Lane {
  const start = phases.find(({ name }) => name === "ask")?.from ?? 0;
  const frames: LaneFrame[] = [];
  let depth = 0;
  for (const { shards } of searches) {
    const [slowest] = shards;
    if (slowest === undefined) continue;
    lay(slowest, start, depth, frames);
    depth = Math.max(depth, ...frames.map((frame) => frame.depth)) + 1;
  }
  const shards = searches.reduce((sum, search) => sum + search.shards.length, 0);
  const note = [WORDS.elasticsearchNote(shards), asked].filter((text) => text !== "").join("; ");
  return { id: "elasticsearch", tag: "es", title: WORDS.lane.elasticsearch, note, frames };
}

/** A tree from a time on, its children one after the other. */
function lay({ name, where, side, value, children }: FlameNode, from: number, depth: number, frames: LaneFrame[]): void {
  frames.push({ name, where, side, depth, from, to: from + value });
  let at = from;
  for (const child of children) {
    lay(child, at, depth + 1, frames);
    at += child.value;
  }
}
