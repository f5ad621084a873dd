// What has been seen from Kibana, and where it is to be pointed. Plain data.

/** What Kibana does at boot and in its apps, in the order in which it comes to it. */
export const KIBANA_SIGNS = [
  "product",
  "nodes",
  "saved_objects",
  "task_manager",
  "privileges",
  "license",
  "data_views",
  "discover",
  "dashboards",
  "lens",
  "visualize",
  "maps",
  "console",
  "writes",
  "other",
] as const;

export type KibanaSign = (typeof KIBANA_SIGNS)[number];

export interface KibanaSeenSign {
  readonly sign: KibanaSign;
  /** Requests; those that were refused or not answered are among them. */
  readonly count: number;
  readonly refused: number;
  /** ISO 8601; null before the first. */
  readonly first: string | null;
  readonly last: string | null;
  /** `METHOD path` of the newest; "" before the first. */
  readonly example: string;
}

export interface KibanaSeen {
  /** As Kibana names itself; null before it was heard of, or where it does not. */
  readonly version: string | null;
  /** All that there are, in the order of KIBANA_SIGNS. */
  readonly signs: readonly KibanaSeenSign[];
  /** Answers of these statuses, and requests without one. */
  readonly unauthorized: number;
  readonly forbidden: number;
  readonly unanswered: number;
}

/** How Kibana is to speak to the endpoint. `own` and `given` take both http and https. */
export type EndpointTls = "off" | "pass" | "own" | "given";

export interface KibanaState extends KibanaSeen {
  /** The endpoint's TLS, and the file of the authority that vouches for it: null where that is not ours. */
  readonly tls: EndpointTls;
  readonly authorityFile: string | null;
}
