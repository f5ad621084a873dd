// When pipes run by themselves, on the Pipes page.
export const schedules = {
  schedules: {
    title: "Schedules",
    hint: "Pipes that run at certain times, while Parallax does. What is due while a run is still on, or while Parallax does not run, is missed: it is counted here, and not made up for.",
    none: "No pipe has a schedule.",
    unavailable: "The schedules can’t be listed.",
    pipe: "Pipe",
    pipeHint: "backfill-INDEX, reconcile-INDEX, generate-KIND or replay-session",
    every: "Every",
    everyHint: "30m, 6h or 1d",
    at: "Daily at",
    from: "From",
    to: "To",
    windowHint: "Runs begin within this time of the day only, and what still runs at its end is stopped",
    for: "For at most",
    forHint: "10m; then it is stopped",
    exact: "Exact",
    profiler: "With profiler",
    save: "Schedule",
    cancel: "Cancel",
    schedule: "Schedule …",
    edit: "Edit",
    remove: "Remove",
    of: (pipe: string) => `Schedule of ${pipe}`,
    editOf: (pipe: string) => `Edit the schedule of ${pipe}`,
    removeOf: (pipe: string) => `Remove the schedule of ${pipe}`,
    times: ({
      every,
      at,
      from,
      to,
      lasts,
      exact,
      profiler,
    }: {
      readonly every: string;
      readonly at: string;
      readonly from: string;
      readonly to: string;
      readonly lasts: string;
      readonly exact: boolean;
      readonly profiler: boolean;
    }) =>
      [
        every === "" ? "" : `every ${every}`,
        at === "" ? "" : `daily at ${at}`,
        from === "" ? "" : `${from}–${to}`,
        lasts === "" ? "" : `for ${lasts} at most`,
        exact ? "exact" : "",
        profiler ? "profiled" : "",
      ]
        .filter((part) => part !== "")
        .join(", "),
    next: (time: string) => `next ${time}`,
    keptBack: "kept back with all pipes",
    running: (ends: string) => (ends === "" ? "runs now" : `runs now, until ${ends}`),
    never: "It has not run yet.",
    last: (time: string, sentence: string) => `Last at ${time}: ${sentence}`,
    missed: (count: string, last: string, why: string) => `Missed since: ${count}, the last at ${last}. ${why}`,
  },
} as const;
