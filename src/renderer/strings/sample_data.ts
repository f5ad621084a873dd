// Sample data, on the pages How to start, Indices and Pipes.
import { plural } from "./plural.ts";
export const sampleData = {
  sampleData: {
    title: "Sample data",
    lead: "Orders, logs and readings of devices of the last seven days, 5 000 of each, to look around with.",
    play: "Play what a Kibana user asks of it, 2 requests a second",
    playNow: "Play what a Kibana user asks of it",
    add: "Add sample data",
    addRest: "Add what is missing",
    adding: "Adding…",
    remove: "Remove sample data",
    removing: "Removing…",
    sure: (indices: string) => `Remove ${indices} from Elasticsearch for good? Nothing else is touched.`,
    reallyRemove: "Remove for good",
    keep: "Keep it",
    asking: "A Kibana user’s searches are being played.",
    states: {
      absent: "not there",
      making: (there: string, all: string) => `${there} of ${all}`,
      there: (there: number) => plural(there, "document", "documents"),
      others: "an index of this name is there that is not ours: it is left alone",
    },
    unavailable: "What is there can’t be told:",
  },
} as const;
