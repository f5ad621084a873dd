// The page How to start.
import type { Backend, ClickHouseBackend } from "../../shared/contract.ts";

export const start = {
  start: {
    name: "Parallax",
    title: "Every Elasticsearch request, answered twice.",
    lead: "Kibana keeps its answers from Elasticsearch. Beside it, ClickHouse gets the same documents and the same question, and you see where the two agree, how fast each was, and why they differ.",
    how: "How to start",
    toTraffic: "Traffic",
    connect: "Connect to Elasticsearch",
    address: "Address of Elasticsearch",
    connectNow: "Connect",
    connecting: "Connecting…",
    looking: "Asking who is there…",
    found: (version: string) => `Found Elasticsearch ${version}.`,
    nothingThere: (url: string) => `Nothing answers at ${url}.`,
    sample: "Open the sample session",
    sampleText: "A recording of a real Elasticsearch 9, replayed through the real proxy while ClickHouse runs live. Needs nothing.",
    sampleNow: "Open the sample",
    sampleRunning: "Watch it",
    file: "Open a session file",
    fileText: "A capture that was saved or sent: looked at, never changed.",
    pointHere: "Now point Kibana here",
    pointText: "In kibana.yml, then restart Kibana. Any other client works the same way.",
    hostsLine: (port: number) => `elasticsearch.hosts: ["http://localhost:${port}"]`,
    orTry: "or try",
    curl: (port: number) => `curl localhost:${port}/_search`,
    starting: "Starting",
    listening: (url: string) => `Listening on ${url.replace(/^http:\/\//, "")}`,
    elasticsearch: (backend: Backend | undefined) => {
      if (backend?.status === "ok") return `Elasticsearch ${backend.version ?? ""} answers`;
      if (backend?.status === "recorded") return `A recorded Elasticsearch ${backend.version ?? ""} answers`;
      return backend?.message || "Elasticsearch is not connected yet";
    },
    clickhouse: (backend: ClickHouseBackend | undefined) => {
      if (backend?.status === "ok")
        return `ClickHouse ${backend.version ?? ""} is up, ${backend.embedded ? "no set-up needed" : backend.url}`;
      return backend?.message || "ClickHouse is starting";
    },
    waiting: "Waiting for the first request",
    toKibana: "For containers and TLS, and to see what arrives: Connect Kibana",
    firstRequest: "First request:",
    nothingYet: "Nothing for 30 s. Does kibana.yml still name port 9200? Kibana reads it only when it starts.",
    local: "Everything stays on this machine: 127.0.0.1 only, nothing is sent anywhere.",
    inBrowser: (url: string) => `In a browser: ${url.replace(/^http:\/\//, "")}`,
    panelTitle: "This is the sample session.",
    panelText: "Real answers of a recorded Elasticsearch 9; ClickHouse beside it runs live.",
    drawing: {
      label: "The client asks Parallax, which asks Elasticsearch and, beside it, ClickHouse",
      client: "Kibana",
      waitsFor: "waits only for",
      copy: "a copy, beside it",
    },
  },
} as const;
