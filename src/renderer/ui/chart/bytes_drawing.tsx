// Bytes of each index on both sides, a pair of bars an index.
import type { ReactElement } from "react";
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { strings } from "../../strings.ts";
import { bytes, times } from "../format.ts";
import { AXIS, CURSOR, GRID, MARGIN } from "./axes.ts";
import { Tip } from "./tip.tsx";

export interface IndexBytes {
  readonly name: string;
  readonly elasticsearch: number;
  readonly clickhouse: number;
}

const LONGEST = 34;

export function BytesDrawing({ indices }: { readonly indices: readonly IndexBytes[] }): ReactElement {
  const side = { isAnimationActive: false, maxBarSize: 10, minPointSize: 2 } as const;
  return (
    <ResponsiveContainer width="100%" height="100%">
      <BarChart data={[...indices]} layout="vertical" margin={{ ...MARGIN, right: 24, bottom: 0 }} barGap={1} accessibilityLayer={false}>
        <CartesianGrid {...GRID} horizontal={false} />
        <XAxis {...AXIS} type="number" tickCount={5} tickFormatter={(value: number) => bytes(value)} />
        <YAxis {...AXIS} type="category" dataKey="name" width={232} interval={0} tickFormatter={cutAtStart} />
        <Bar dataKey="elasticsearch" fill="var(--es)" radius={[0, 4, 4, 0]} {...side} />
        <Bar dataKey="clickhouse" fill="var(--ch)" {...side} />
        <Tooltip
          cursor={CURSOR}
          isAnimationActive={false}
          content={({ active, payload }) => (active ? <IndexTip index={payload[0]?.payload} /> : null)}
        />
      </BarChart>
    </ResponsiveContainer>
  );
}

/** Names of indices differ at their ends. */
function cutAtStart(name: string): string {
  return name.length <= LONGEST ? name : `…${name.slice(1 - LONGEST)}`;
}

function IndexTip({ index }: { readonly index: IndexBytes | undefined }): ReactElement | null {
  if (index === undefined) return null;
  const { name, elasticsearch: es, clickhouse: ch } = index;
  const { chart } = strings;
  return (
    <Tip
      title={name}
      lines={[
        { name: chart.es, value: bytes(es), mark: "mark-es" },
        { name: chart.ch, value: `${bytes(ch)}${ch > 0 ? `, ${chart.ofEs(times(es, ch))}` : ""}`, mark: "mark-ch" },
      ]}
    />
  );
}
