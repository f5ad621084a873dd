// The form that the documents of one index have in their table: its mapping as Elasticsearch last described it, and the columns and the
// layout that this gives. Another description widens the table first.
import { META } from "../clickhouse/schema.ts";
import { quoteName } from "../clickhouse/sql/quote.ts";
import { shardOf } from "../elasticsearch/routing.ts";
import type { IndexTable } from "../translate/types.ts";
import type { IndexDescription } from "./index_description.ts";
import { Layout } from "./layout.ts";
import { whileAway } from "./patience.ts";
import { type EncodedRows, encodeRows, LACKING, type Row } from "./rows.ts";
import { SeenLists } from "./seen_lists.ts";
import type { Store } from "./store.ts";
import { type openTable, widenTable } from "./table.ts";

export interface IndexFormOptions {
  readonly clickhouse: Store;
  readonly database: string;
  /** Asks Elasticsearch for the index as it is now; undefined when it is gone. */
  readonly describe: () => Promise<IndexDescription | undefined>;
}

interface Form {
  readonly layout: Layout;
  /** Quoted; the same array as long as the columns are the same. */
  readonly columns: readonly string[];
}

export class IndexForm {
  readonly #options: IndexFormOptions;
  readonly #seen: SeenLists;
  #description: IndexDescription;
  /** Epoch ms; 0: it may be out of date. */
  #describedAt: number;
  #form: Form;
  #tableColumns: ReadonlySet<string>;
  #renewing: Promise<void> | null = null;
  #sizeHint = 0;

  constructor(options: IndexFormOptions, description: IndexDescription, describedAt: number, { columns, lists }: Opened) {
    this.#options = options;
    this.#description = description;
    this.#describedAt = describedAt;
    this.#tableColumns = columns;
    this.#seen = new SeenLists(lists);
    this.#form = formOf(description);
  }

  get description(): IndexDescription {
    return this.#description;
  }

  /** What searches may rely on while nobody else writes to the table. */
  known(): Pick<IndexTable, "single" | "dates"> {
    return this.#seen.known(this.#description.mapping, this.#form.layout);
  }

  /** Takes what was asked later than ours. */
  async adopt(description: IndexDescription, time: number): Promise<void> {
    if (time <= this.#describedAt) return;
    const same = formText(description) === formText(this.#description);
    if (!same) {
      const { clickhouse, database } = this.#options;
      this.#tableColumns = await whileAway(() => widenTable(clickhouse, database, description, this.#tableColumns));
      this.#seen.keep(this.#form.layout, this.#description.mapping, description.mapping);
      this.#form = formOf(description);
    }
    this.#description = description;
    this.#describedAt = time;
  }

  /** The description may be out of date: asked again before it is used. */
  stale(): void {
    this.#describedAt = 0;
  }

  /** Asks for it again where it may be out of date. `now`: epoch ms. */
  async freshen(now: number): Promise<void> {
    if (this.#describedAt === 0) await this.#renew(now);
  }

  /** The rows in this form, which is asked for again, unless that was done after `handedOver`, where one has a name that it lacks. */
  async encode(rows: readonly Row[], handedOver: number): Promise<EncodedRows & { readonly columns: readonly string[] }> {
    for (let wary = true; ; wary = false) {
      const { layout, columns } = this.#form;
      this.#seen.fill();
      const encoded = encodeRows(layout, this.#description, rows, { sizeHint: this.#sizeHint, wary });
      if (encoded === LACKING) {
        await this.#renew(handedOver);
        continue;
      }
      this.#sizeHint = Math.ceil(encoded.bytes.byteLength * 1.1);
      return { ...encoded, columns };
    }
  }

  shardOf({ routing, id }: { readonly routing: string; readonly id: string }): number {
    return shardOf(routing === "" ? id : routing, this.#description);
  }

  async #renew(since: number): Promise<void> {
    while (this.#describedAt < since) {
      this.#renewing ??= this.#describe().finally(() => {
        this.#renewing = null;
      });
      await this.#renewing;
    }
  }

  async #describe(): Promise<void> {
    const time = Date.now();
    const description = await whileAway(this.#options.describe);
    if (description === undefined) throw new Error(`index ${this.#description.name} is gone`);
    await this.adopt(description, Math.max(time, this.#describedAt + 1));
  }
}

type Opened = Pick<Awaited<ReturnType<typeof openTable>>, "columns" | "lists">;

function formOf(description: IndexDescription): Form {
  const layout = new Layout(description);
  return { layout, columns: [...META, ...layout.columns].map(({ name }) => quoteName(name)) };
}

/** What a form is made of: analysis changes while an index is closed. */
function formText({ mappings, analysis }: IndexDescription): string {
  return JSON.stringify([mappings, analysis ?? null]);
}
