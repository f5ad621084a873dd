// The Pipes page.
export const pipes = {
  pipes: {
    unavailable: "The pipes can’t be listed.",
    none: "No pipe yet.",
    noneHint: "The mirror appears once an Elasticsearch is connected; backfills are begun on the Indices page.",
    byThemselves: "Pipes start by themselves",
    state: { running: "runs", stopped: "stopped", "kept-back": "kept back", failed: "failed" },
    since: (time: string) => `since ${time}`,
    ended: (time: string) => `ended ${time}`,
    done: (done: string, total: string, unit: string) => (total === "" ? `${done} ${unit}` : `${done} of ${total} ${unit}`),
    perSecond: (rate: string) => `${rate} documents a second at most`,
    start: "Start",
    pump: "Look now",
    stop: "Stop",
    startProfiled: "Start with profiler",
    profile: "Profile it",
    endProfile: "End the profile",
    profiled: (time: string) => `being profiled since ${time}`,
    profiles: "Its profiles",
    auto: "starts by itself",
    hand: "started by hand",
  },
} as const;
