// What came out of the comparisons: by query shape, by what searches have in common, and why a single one differs.
import { COMPARE_BY, type ComparePlaceQuery } from "../../shared/compare.ts";
import { VERDICTS } from "../../shared/exchange.ts";
import { type JsonObject, member } from "../../shared/json.ts";
import { DEFAULT_TIMES, FEWEST_TIMES, MOST_TIMES } from "../../shared/noise.ts";
import { firstThatFit } from "./bounds.ts";
import { type Ask, EXCHANGE, integerIn, LIMIT, OFFSET, type Parameter, pageIn, type Tool, textIn } from "./tool.ts";

/** Kinds of differing searches that one call explains, and after which time it asks for no more. */
const EXPLAINED = 5;
const EXPLAINED_FOR_MS = 45_000;

const WITHIN = ["application", "dashboard", "panel", "shape", "index"] as const;

const within = (what: string): Parameter => ({
  type: "string",
  description: `Only searches of this ${what}: the \`key\` of a group; "" for those of none.`,
  optional: true,
});

/** What narrows searches to those of a group. */
const PLACE: Tool["parameters"] = {
  filter: { type: "string", description: "Only these, in the filter language.", optional: true },
  application: within("application of Kibana"),
  dashboard: within("dashboard"),
  panel: within("panel"),
  shape: within("query shape"),
  index: within("index"),
};

export const VERDICT_TOOLS: readonly Tool[] = [
  {
    name: "list_verdicts",
    title: "Count verdicts by query shape",
    description:
      "Counts of each verdict, of all searches and by query shape (a search without its literals), with a typical exchange and the median times of both sides. For more shapes give `next` as `offset`.",
    request: "verdicts.get",
    parameters: {
      verdict: { type: "string", description: "Only shapes that had this verdict.", values: VERDICTS, optional: true },
      offset: OFFSET,
      limit: LIMIT,
    },
    run: async (input, ask) => {
      const { total, counts, shapes } = await ask("verdicts.get", {});
      const wanted = VERDICTS.find((verdict) => verdict === textIn(input, "verdict"));
      const { items, ...page } = pageIn(wanted === undefined ? shapes : shapes.filter((shape) => shape.counts[wanted] > 0), input);
      return { value: { searches: total, counts, shapes: items, ...page } };
    },
  },
  {
    name: "list_groups",
    title: "Compare groups of searches",
    description:
      "Verdicts, similarity, latencies of both sides and most frequent differing paths, by what searches have in common. To look closer, give the `key` of a group as what it was grouped by, and group by another. `left`: groups that are not given; narrow the question for those.",
    request: "compare.groups",
    parameters: { by: { type: "string", description: "What searches are grouped by.", values: COMPARE_BY }, ...PLACE, limit: LIMIT },
    run: listGroups,
  },
  {
    name: "explain_group",
    title: "Explain why a group differs",
    description:
      "How many searches of a group differ for which cause, each with exchanges to look at. One search of each kind (a shape, and the paths where it differs) is explained and stands for the others; what was found is kept. While `waiting` is above 0, ask again for more.",
    request: "compare.why",
    parameters: {
      ...PLACE,
      most: {
        type: "integer",
        description: `Kinds that are explained now, at most (${EXPLAINED}; 0 gives what is known). Each may take 20 s.`,
        optional: true,
        maximum: 20,
      },
    },
    run: explainGroup,
  },
  {
    name: "explain",
    title: "Explain a difference",
    description:
      "Why the answers differ at a path that get_diff gives: the cause in words, what speaks for it, the clause and its SQL, queries for both sides, and the documents that make the difference. Asks both sides again, for 20 s at most.",
    request: "exchange.explain",
    parameters: {
      id: EXCHANGE,
      path: { type: "string", description: "The path; if absent, the first that differs.", optional: true },
    },
    run: async (input, ask) => {
      const path = member(input, "path");
      return { value: await ask("exchange.explain", { id: integerIn(input, "id", 0), ...(typeof path === "string" ? { path } : {}) }) };
    },
  },
  {
    name: "probe_noise",
    title: "Probe a search for noise",
    description:
      "Asks Elasticsearch and ClickHouse the search of an exchange several times and tells where each disagrees with itself (`noisy`: paths, values, how far apart), how long the answers took, and whether the exchange's differences stand on noise only (`standing`; `beyond`: those that do not). Changes and remembers nothing. Takes 60 s at most.",
    request: "exchange.probe",
    reads: true,
    parameters: {
      id: EXCHANGE,
      position: {
        type: "integer",
        description: "Which search of an _msearch, from 0; if absent, the first that differs, else the first.",
        optional: true,
      },
      times: {
        type: "integer",
        description: `How often each side is asked (${DEFAULT_TIMES}).`,
        optional: true,
        minimum: FEWEST_TIMES,
        maximum: MOST_TIMES,
      },
    },
    run: async (input, ask) => {
      const position = member(input, "position") === undefined ? {} : { position: integerIn(input, "position", 0) };
      const times = integerIn(input, "times", DEFAULT_TIMES);
      const { state, problem, asked, result } = await ask("exchange.probe", { id: integerIn(input, "id", 0), ...position, times });
      if (result === null) throw new Error(problem || `The probe is ${state}.`);
      return { value: { state, asked, ...result } };
    },
  },
];

async function listGroups(input: JsonObject, ask: Ask): ReturnType<Tool["run"]> {
  const by = COMPARE_BY.find((each) => each === textIn(input, "by")) ?? "shape";
  const { groups, left, ...answer } = await ask("compare.groups", {
    by,
    limit: integerIn(input, "limit", 50),
    ...placeIn(input),
  });
  const { items, ...shortened } = firstThatFit(groups);
  return { value: { ...answer, groups: items, ...shortened, left: left + groups.length - items.length } };
}

/** One kind a call of the contract, so that what was found until the time is over is kept and given. */
async function explainGroup(input: JsonObject, ask: Ask): ReturnType<Tool["run"]> {
  const place = placeIn(input);
  const until = performance.now() + EXPLAINED_FOR_MS;
  let answer = await ask("compare.why", place);
  for (let left = integerIn(input, "most", EXPLAINED); left > 0 && answer.waiting > 0 && performance.now() < until; left -= 1) {
    answer = await ask("compare.why", { ...place, ask: 1 });
  }
  return { value: answer };
}

function placeIn(input: JsonObject): Pick<ComparePlaceQuery, (typeof WITHIN)[number] | "filter"> & JsonObject {
  return Object.fromEntries(
    ["filter", ...WITHIN].flatMap((name) => (member(input, name) === undefined ? [] : [[name, textIn(input, name)]])),
  );
}
