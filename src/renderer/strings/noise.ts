// Searches asked several times of each side, on the page Exchange; what is remembered of that, there, on Compare and in Settings.
import type { NoiseKind, NoisySide, Standing } from "../../shared/noise.ts";
import { plural } from "./plural.ts";

const KINDS: Readonly<Record<NoiseKind, string>> = {
  value: "value",
  order: "order",
  presence: "comes and goes",
  type: "type",
};

const SIDES: Readonly<Record<NoisySide, string>> = { elasticsearch: "Elasticsearch", clickhouse: "ClickHouse" };

export const noise = {
  noise: {
    title: "Noise",
    advice: "Asks each side the same search several times: what a side answers otherwise each time is noise. Nothing of it is captured.",
    start: "Probe",
    again: "Probe again",
    action: "Noise probe",
    stop: "Stop",
    times: "Times that each side is asked",
    timesOf: (n: number) => plural(n, "time", "times"),
    progress: (asked: string, all: string) => `${asked} of ${all} answers`,
    failed: "It could not be probed.",
    side: (side: NoisySide) => SIDES[side],
    answers: (n: number) => plural(n, "answer", "answers"),
    latency: (min: string, median: string, max: string) => `${min} · ${median} · ${max} ms`,
    latencyHint: "Least, median and most",
    steady: "Its answers are all the same.",
    noAnswer: "It gave no answer that could be compared.",
    problem: (text: string) => `An answer is left out: ${text}.`,
    more: (n: number) => `${plural(n, "more place", "more places")}`,
    place: "Place",
    kind: "What differs",
    kindOf: (kind: NoiseKind) => KINDS[kind],
    values: "Values",
    examples: "For example",
    places: (n: number) => plural(n, "place", "places"),
    apart: "The sides are further apart here than either strays: this is no noise.",
    standing: (standing: Standing, within: string, all: string): string => {
      switch (standing) {
        case "none":
          return "The answers of this exchange do not differ.";
        case "noise":
          return "Every difference of this exchange is within the noise.";
        case "partly":
          return `${within} of ${all} differences of this exchange are within the noise, the others are not:`;
        case "beyond noise":
          return "No difference of this exchange is within the noise.";
        default:
          return standing satisfies never;
      }
    },
    disturbed: (why: string) => `This may be no noise: ${why}. Probe it again.`,
    remember: "Remember for this shape",
    rememberHint: (n: number) =>
      `Later searches of this shape leave ${plural(n, "place", "places")} open, by the rule noise. What one side lacks stays a difference.`,
    remembered: (n: number, date: string) =>
      `${plural(n, "place", "places")} of this shape ${n === 1 ? "is" : "are"} left open since ${date}.`,
    forget: "Forget",
    list: "Remembered noise",
    listLead: "Where a side was seen to disagree with itself, by query shape: the rule noise leaves that open.",
    seen: (times: number, date: string) => `seen in ${plural(times, "answer", "answers")} on ${date}`,
  },
} as const;
