// Whose a request is: ClickHouse's where all indices that it means are in mode clickhouse, Elasticsearch's where they are not, and of
// a request of several searches or documents some are the one's and some the other's.
import { type Modes, severalReason, tapReason } from "../routing/index_modes.ts";
import type { Call, Endpoint, IndexExpression } from "./types.ts";

export type Whose =
  /** `theirs`: the positions that are Elasticsearch's, and why. `held`: the id of what was opened before says whose it is. */
  | { readonly kind: "ours"; readonly theirs: ReadonlyMap<number, string>; readonly held: boolean }
  /** `quiet`: its mode is simply another, nothing is said of it. */
  | { readonly kind: "theirs"; readonly verdict: "unsupported" | "not_compared"; readonly reason: string; readonly quiet: boolean };

type Theirs = Extract<Whose, { readonly kind: "theirs" }>;
type ModesOf = (expression: string, params: ReadonlyMap<string, string>) => Promise<Modes>;

interface Look {
  readonly modes: ModesOf;
  /** The request itself asks for ClickHouse, whatever the modes. */
  readonly forced: boolean;
  /** What can't be told is said aloud. */
  readonly preferred: boolean;
}

const ALL_OURS = Object.freeze({ kind: "ours", theirs: new Map(), held: false }) satisfies Whose;

/** Never rejects. */
export async function whose(endpoint: Endpoint, call: Call, look: Look): Promise<Whose> {
  const asked = endpoint.asks === undefined ? [{ expression: call.index, params: call.params }] : endpoint.asks(call);
  if (asked === "held") return { ...ALL_OURS, held: true };
  const known = new Map<string, Promise<Modes>>();
  const modesOf = ({ expression, params }: IndexExpression): Promise<Modes> => {
    const key = JSON.stringify([expression, [...params]]);
    const modes = known.get(key) ?? look.modes(expression, params);
    known.set(key, modes);
    return modes;
  };
  const views = await Promise.all(asked.map(async (one) => view(await modesOf(one), one.expression, look)));
  const theirs = new Map(views.flatMap((one, at) => (one === null ? [] : [[at, one] as const])));
  if (theirs.size === 0) return ALL_OURS;
  const loud = [...theirs.values()].find(({ quiet }) => !quiet);
  const [first] = theirs.values();
  if (theirs.size === views.length && first !== undefined) return loud ?? first;
  if (look.forced && first !== undefined) return first;
  return { kind: "ours", theirs: new Map([...theirs].map(([at, { reason }]) => [at, reason])), held: false };
}

/** null: ours. */
function view(modes: Modes, expression: string, { forced, preferred }: Look): Theirs | null {
  if (forced) {
    const tapped = tapReason(modes, expression);
    return tapped === "" ? null : { kind: "theirs", verdict: "not_compared", reason: tapped, quiet: false };
  }
  switch (modes.kind) {
    case "one": {
      if (modes.mode === "clickhouse") return null;
      const reason = `${expression === "" ? "every index" : expression} is in mode ${modes.mode}`;
      return { kind: "theirs", verdict: "not_compared", reason, quiet: true };
    }
    case "several":
      return { kind: "theirs", verdict: "unsupported", reason: severalReason(modes.byMode), quiet: !modes.byMode.has("clickhouse") };
    case "unknown":
      return { kind: "theirs", verdict: "not_compared", reason: modes.reason, quiet: !preferred };
  }
}
