// One tree of functions for several profiles of one thread, each of which numbers its functions anew.
import type { CallFrame, ProfileNode } from "../../shared/profile.ts";

interface Joined {
  readonly id: number;
  readonly callFrame: CallFrame;
  readonly children: Map<string, Joined>;
  readonly ticks: Map<number, number>;
}

const ROOT: CallFrame = Object.freeze({ functionName: "(root)", url: "", lineNumber: -1, columnNumber: -1 });

export class JoinedTree {
  readonly #root: Joined = { id: 1, callFrame: ROOT, children: new Map(), ticks: new Map() };
  #count = 1;

  /** Takes a profile's functions; what each of its ids is here. */
  take(nodes: readonly ProfileNode[]): ReadonlyMap<number, number> {
    const byId = new Map(nodes.map((node) => [node.id, node]));
    const ids = new Map<number, number>();
    const join = (node: ProfileNode, joined: Joined): void => {
      ids.set(node.id, joined.id);
      for (const { line, ticks } of node.positionTicks ?? []) joined.ticks.set(line, (joined.ticks.get(line) ?? 0) + ticks);
      for (const id of node.children ?? []) {
        const child = byId.get(id);
        if (child !== undefined) join(child, this.#child(joined, child.callFrame));
      }
    };
    const [root] = nodes;
    if (root !== undefined) join(root, this.#root);
    return ids;
  }

  /** All functions, the root first. `hits`: samples by id. */
  nodes(hits: ReadonlyMap<number, number>): readonly ProfileNode[] {
    const list: ProfileNode[] = [];
    const add = ({ id, callFrame, children, ticks }: Joined): void => {
      const below = [...children.values()];
      list.push({
        id,
        callFrame,
        hitCount: hits.get(id) ?? 0,
        children: below.map((child) => child.id),
        ...(ticks.size === 0 ? {} : { positionTicks: [...ticks].map(([line, count]) => ({ line, ticks: count })) }),
      });
      for (const child of below) add(child);
    };
    add(this.#root);
    return list;
  }

  #child({ children }: Joined, callFrame: CallFrame): Joined {
    const { functionName, url, lineNumber, columnNumber } = callFrame;
    const key = `${lineNumber}:${columnNumber} ${functionName} ${url}`;
    const known = children.get(key);
    if (known !== undefined) return known;
    this.#count += 1;
    const made: Joined = { id: this.#count, callFrame, children: new Map(), ticks: new Map() };
    children.set(key, made);
    return made;
  }
}
