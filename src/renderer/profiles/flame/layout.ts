// Where the frames of a flame graph stand: shares of its width, from the chosen frame on. Pure.
import type { FlameNode, FlameSide } from "../../../shared/flame.ts";

export interface PlacedFrame {
  /** Names the frame in its graph: the places of it and those above among their siblings, `0/2/1`. */
  readonly id: string;
  readonly name: string;
  readonly where: string;
  readonly side: FlameSide;
  readonly depth: number;
  /** Shares of the width, 0 to 1. */
  readonly left: number;
  readonly width: number;
  readonly value: number;
  readonly self: number;
}

/** Narrower than a pixel of a wide window: neither seen nor reached. */
const NARROWEST = 1 / 2400;
const MOST_FRAMES = 4_000;

/** The frames that are wide enough to be seen, where the frame `zoom` takes the whole width; those above it take it too. */
export function placeFrames(root: FlameNode, zoom: string): readonly PlacedFrame[] {
  const steps = zoom.split("/").slice(1).map(Number);
  const placed: PlacedFrame[] = [];
  let at: { readonly node: FlameNode; readonly id: string } = { node: root, id: "0" };
  for (const step of steps) {
    const next = at.node.children[step];
    if (next === undefined) break;
    placed.push({ ...frame(at.node, at.id, placed.length), left: 0, width: 1 });
    at = { node: next, id: `${at.id}/${step}` };
  }
  let row: { readonly node: FlameNode; readonly id: string; readonly left: number }[] = [{ ...at, left: 0 }];
  const whole = at.node.value;
  while (row.length > 0 && placed.length < MOST_FRAMES && whole > 0) {
    const depth = (placed.at(-1)?.depth ?? -1) + 1;
    for (const { node, id, left } of row) placed.push({ ...frame(node, id, depth), left, width: node.value / whole });
    row = row.flatMap(({ node, id, left }) => under(node, id, left, whole));
  }
  return placed;
}

function frame({ name, where, side, value, self }: FlameNode, id: string, depth: number): Omit<PlacedFrame, "left" | "width"> {
  return { id, name, where, side, depth, value, self };
}

function under({ children }: FlameNode, id: string, left: number, whole: number) {
  let at = left;
  return children.flatMap((node, i) => {
    const from = at;
    at += node.value / whole;
    return node.value / whole < NARROWEST ? [] : [{ node, id: `${id}/${i}`, left: from }];
  });
}

export type Direction = "up" | "down" | "left" | "right";

/** The frame that an arrow key goes to from `id`; the same where there is none. */
export function neighbourOf(frames: readonly PlacedFrame[], id: string, direction: Direction): string {
  const here = frames.find((frame) => frame.id === id) ?? frames[0];
  if (here === undefined) return id;
  const middle = here.left + here.width / 2;
  const overlaps = ({ left, width }: PlacedFrame): boolean => left <= middle && middle < left + width;
  const within = ({ left, width }: PlacedFrame): boolean => left + width > here.left && left < here.left + here.width;
  const row = (depth: number): readonly PlacedFrame[] => frames.filter((frame) => frame.depth === depth);
  switch (direction) {
    case "up":
      return (row(here.depth - 1).find(overlaps) ?? here).id;
    case "down":
      return (row(here.depth + 1).find(within) ?? here).id;
    case "left":
      return (row(here.depth).findLast(({ left }) => left < here.left) ?? here).id;
    case "right":
      return (row(here.depth).find(({ left }) => left > here.left) ?? here).id;
  }
}

/** Whether what someone looks for is in the frame's name or place; nothing is looked for by "". */
export function isFound({ name, where }: Pick<PlacedFrame, "name" | "where">, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return wanted !== "" && (name.toLowerCase().includes(wanted) || where.toLowerCase().includes(wanted));
}
