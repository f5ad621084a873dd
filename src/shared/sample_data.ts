// Sample data that one click adds to a connected Elasticsearch, and one takes away. Plain data.

export interface SampleSet {
  readonly kind: string;
  /** What it is, in a sentence. */
  readonly title: string;
  /** Index or data stream. */
  readonly index: string;
  /** How many documents it has when it is whole. */
  readonly documents: number;
  /** How many are there; null where that is not known. */
  readonly there: number | null;
  /** `others`: there is an index of that name which Parallax did not make; it is never written to or removed. */
  readonly state: "absent" | "making" | "there" | "others";
}

export interface SampleDataState {
  /** Why none can be added or removed now: what is so, and what to do; "" when it can. */
  readonly why: string;
  /** Elasticsearch has no index of a user's own. */
  readonly empty: boolean;
  /** Empty where nothing can be known. */
  readonly sets: readonly SampleSet[];
  /** What a Kibana user asks is played. */
  readonly asking: boolean;
}
