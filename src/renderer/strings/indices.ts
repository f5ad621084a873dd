// The page Indices.
export const indices = {
  indices: {
    unavailable: "The indices can’t be listed.",
    empty: "No index yet.",
    emptyAdvice: "An index shows up with its first document, beside the table that mirrors it.",
    shown: (shown: number, hidden: number) => `${shown} shown${hidden === 0 ? "" : `, ${hidden} of Kibana’s own hidden`}`,
    own: "Show Kibana’s own",
    inStep: "in step",
    waiting: (n: string) => `${n} waiting`,
    notMirrored: (n: string) => `${n} not mirrored`,
    notMirroredHint: "Documents that Elasticsearch took and ClickHouse did not; the exchanges say why",
    noTable: "no table",
    columns: {
      index: "Index ↑",
      mode: "Mode",
      documents: "documents",
      mirror: "Mirror",
      behind: "behind by",
      bytes: "bytes",
      size: "Size",
    },
  },
} as const;
