// What the telemetry section of the Statistics page says.
export const telemetry = {
  telemetry: {
    title: "Telemetry report",
    nowhere: (file: string, every: string) => `Written to ${file} every ${every} and at the end, sent nowhere.`,
    sent: (file: string, every: string, url: string) => `Written to ${file} every ${every} and at the end, and sent to ${url}.`,
    every: (seconds: number) => (seconds === 3600 ? "hour" : `${seconds} s`),
    show: "Show the report",
    hide: "Hide the report",
  },
} as const;
