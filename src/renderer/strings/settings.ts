// The Settings page: what each setting of the config file means, and what holds without it.
interface Words {
  readonly what: string;
  /** Shown where nothing is set. */
  readonly otherwise: string;
}

const about: Readonly<Record<string, Words>> = {
  "elasticsearch.url": { what: "The Elasticsearch to forward to; several nodes with commas between", otherwise: "http://localhost:9200" },
  "elasticsearch.ca": { what: "File of PEM certificates to trust beside the system’s", otherwise: "none" },
  "elasticsearch.insecure": { what: "Take any certificate of Elasticsearch", otherwise: "no" },
  "clickhouse.url": { what: "A ClickHouse of yours, or “embedded”", otherwise: "embedded" },
  "clickhouse.cluster": { what: "The cluster of system.clusters that tables are made on", otherwise: "none" },
  "clickhouse.replicated": { what: "Whether the cluster’s tables are replicated", otherwise: "as it has replicas" },
  "clickhouse.port": { what: "Port of the embedded ClickHouse", otherwise: "8123" },
  "clickhouse.maxSeconds": { what: "Seconds that each statement of a search may take", otherwise: "60" },
  "clickhouse.maxMemoryBytes": { what: "Bytes of memory that each statement of a search may take", otherwise: "4294967296" },
  mode: { what: "What becomes of requests for which no route says otherwise", otherwise: "compare" },
  routes: { what: "Modes of some indices: a list of {pattern, mode}; the first that fits wins", otherwise: "none" },
  shadow: { what: "Ask Elasticsearch, too, what ClickHouse has answered", otherwise: "no" },
  "proxy.port": { what: "Port of the Elasticsearch endpoint", otherwise: "9280" },
  "proxy.tls": {
    what: "Clients that speak TLS: “own” serves them with Parallax’s certificate, “pass” leaves them unread",
    otherwise: "off",
  },
  "proxy.tlsCert": { what: "Certificate (PEM file) to serve such clients with", otherwise: "none" },
  "proxy.tlsKey": { what: "Its key (PEM file)", otherwise: "none" },
  "proxy.allowedHosts": { what: "Further host names that clients may use, with commas between", otherwise: "none" },
  "intercept.on": { what: "Whether the intercept proxy listens", otherwise: "yes" },
  "intercept.port": { what: "Port of the intercept proxy", otherwise: "9281" },
  "intercept.elasticsearchHosts": { what: "Further host:port names of this Elasticsearch there", otherwise: "none" },
  "intercept.passThrough": { what: "Hosts whose TLS is left unread", otherwise: "none" },
  "intercept.ca": { what: "PEM certificates to trust for servers behind it", otherwise: "none" },
  "intercept.insecure": { what: "Take any certificate of such a server", otherwise: "no" },
  "interface.port": { what: "Port of this page and the HTTP API", otherwise: "9999" },
  "interface.token": { what: "Whether writing and SQL need the token", otherwise: "yes" },
  "interface.open": { what: "Open the page in a browser at the start", otherwise: "no" },
  "capture.capBytes": { what: "Most bytes of a session file; the oldest exchanges go first", otherwise: "2147483648" },
  "dump.on": { what: "Write exchanges as text to files", otherwise: "no" },
  "dump.filter": { what: "Which exchanges are written", otherwise: "all" },
  "journal.capBytes": { what: "Most bytes of writes that wait for ClickHouse", otherwise: "1073741824" },
  "task_manager.disable_pump_scheduler": {
    what: "Keep back every pipe that would start by itself: mirror, replay, backfills",
    otherwise: "no",
  },
  rules: { what: "Rewrite rules; the Rules page edits them", otherwise: "none" },
  "script.file": { what: "Module with request and response hooks", otherwise: "the one chosen on the Rules page" },
  "script.limitMs": { what: "Milliseconds that a hook may take", otherwise: "1000" },
  sample: { what: "Open the sample session at the start", otherwise: "no" },
};

export const settings = {
  settings: {
    about,
    unavailable: "The settings can’t be read.",
    lead: (file: string) => `Kept in ${file}`,
    keptBackByFile: "startup_options.json in the data folder keeps all pipes back, whatever is set here.",
    groups: {
      "": "General",
      elasticsearch: "Elasticsearch",
      clickhouse: "ClickHouse",
      proxy: "Endpoint",
      intercept: "Intercept proxy",
      interface: "Interface",
      capture: "Capture",
      dump: "Dumps",
      journal: "Journal",
      task_manager: "Pipes",
      script: "Script",
    } as Readonly<Record<string, string>>,
    yes: "yes",
    no: "no",
    byDefault: (value: string) => `default: ${value}`,
    byFlag: (flag: string) => `given by --${flag} at this start, which wins over the file`,
    waits: "taken at the next start",
    set: "Set",
    clear: "Back to the default",
    upload: "Upload a configuration…",
    uploaded: "The configuration is taken.",
    notJson: (name: string, why: string) => `${name} is not JSON: ${why}`,
  },
  safeMode: {
    offered: (crashes: string) => `The last ${crashes} runs did not end in order. If a pipe is the cause, keep all pipes back.`,
    on: {
      setting: "Pipes are kept back by the setting task_manager.disable_pump_scheduler: none starts by itself, the mirror neither.",
      flag: "Pipes are kept back, since Parallax was started with --no-autorun: none starts by itself, the mirror neither.",
      "startup_options.json": "Pipes are kept back by startup_options.json in the data folder: none starts by itself, the mirror neither.",
    },
    enter: "Keep pipes back",
    leave: "Start them",
  },
} as const;
