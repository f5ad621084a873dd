// The page Kibana.
import type { KibanaSign } from "../../shared/kibana.ts";
import { plural } from "./plural.ts";

const signs: Readonly<Record<KibanaSign, { readonly name: string; readonly what: string }>> = {
  product: { name: "Product check", what: "Is it an Elasticsearch, and which version?" },
  nodes: { name: "Nodes and cluster", what: "Does every node have a version that Kibana takes?" },
  saved_objects: { name: "Saved objects", what: "Dashboards, data views and settings, in .kibana*" },
  task_manager: { name: "Task manager", what: "Asked every few seconds as long as Kibana lives" },
  privileges: { name: "Sign-in and privileges", what: "Who is there, and what they may see" },
  license: { name: "Licence", what: "Which features it switches on" },
  data_views: { name: "Fields of data views", what: "_field_caps, _resolve and mappings" },
  discover: { name: "Discover", what: "Searches of documents and their chart" },
  dashboards: { name: "Dashboards", what: "Searches of panels" },
  lens: { name: "Lens", what: "Searches of charts that are being made" },
  visualize: { name: "Visualize", what: "Searches of older visualizations" },
  maps: { name: "Maps", what: "Searches of layers and tiles" },
  console: { name: "Dev Tools", what: "What is typed into its Console" },
  writes: { name: "Writes", what: "_bulk and others that are none of the above" },
  other: { name: "Everything else", what: "Fleet, alerts, indices and their policies" },
};

export const kibana = {
  kibana: {
    unavailable: "What is seen of Kibana can’t be told.",
    point: "Point Kibana here",
    pointHint: "Kibana reads it only when it starts: restart it afterwards. User, password and tokens stay what they are.",
    form: "Where Kibana runs",
    forms: { yml: "kibana.yml", docker: "docker run", compose: "compose" },
    network:
      "Parallax listens on this machine’s loopback alone, so the container shares the host’s network (on Docker Desktop: allow host networking in its settings).",
    ownTls: (file: string) =>
      `Clients may speak TLS: the certificate is vouched for by Parallax’s own authority, ${file}. http works on the same port.`,
    givenTls:
      "Clients may speak TLS with the certificate of proxy.tlsCert: Kibana needs a name that it vouches for, and its authority. http works on the same port.",
    passTls:
      "TLS passes to Elasticsearch unread (proxy.tls pass): Kibana needs what Elasticsearch’s certificate asks for, and nothing of it is seen here.",
    noTls: "For TLS between Kibana and Parallax set proxy.tls to own on the Settings page.",
    seen: "See it arrive",
    nothing: "Nothing from Kibana yet",
    version: (version: string) => `Kibana ${version}`,
    unknownVersion: "Kibana",
    count: (n: number) => plural(n, "request", "requests"),
    refusedCount: (count: string) => `${count} refused`,
    last: (time: string) => `last ${time}`,
    notYet: "not yet",
    signs,
    hints: "What goes wrong most often",
    hint: {
      nothing: "Nothing yet? Does kibana.yml still name port 9200? Was Kibana started again?",
      version: (kibana: string, elasticsearch: string) =>
        `Kibana ${kibana} refuses Elasticsearch ${elasticsearch}: it takes its own version or a newer one of the same major. Its log says “This version of Kibana is incompatible”.`,
      unauthorized: (n: number) =>
        `Elasticsearch answered 401 to ${plural(n, "request", "requests")}: elasticsearch.username and elasticsearch.password, or elasticsearch.serviceAccountToken, in kibana.yml are not its own.`,
      forbidden: (n: number) =>
        `Elasticsearch answered 403 to ${plural(n, "request", "requests")}: the user lacks a privilege; for Kibana itself that is the role kibana_system.`,
      unanswered: (n: number) => `${plural(n, "request", "requests")} had no answer: Elasticsearch was away, or Kibana gave up waiting.`,
      recorded: "The sample session plays: these requests were recorded from a Kibana. Connect to an Elasticsearch to see your own.",
      stopped: "The proxy is stopped: Kibana is refused. Start it in the bar above.",
    },
    usual: [
      "403 security_exception in Kibana’s log: it names Parallax otherwise than localhost. Give that name by --allowed-host.",
      "“self-signed certificate in certificate chain”: certificateAuthorities does not name Parallax’s authority.",
      "Kibana must have Elasticsearch’s version, or an older minor of the same major.",
    ],
    noise: "Hide what Kibana asks for itself",
    noiseHint: "Most of what a Kibana sends is about itself. These filters leave what its users ask; each opens Traffic.",
    all: "All of Kibana’s",
  },
} as const;
