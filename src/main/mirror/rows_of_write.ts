// The rows that a write brings to its table: what its operations say, else what Elasticsearch has stored since.
import type { Operation } from "../elasticsearch/bulk.ts";
import type { ElasticsearchClient } from "../elasticsearch/client.ts";
import type { IndexForm } from "./index_form.ts";
import { whileAway } from "./patience.ts";
import { readBack } from "./read_back.ts";
import type { Row } from "./rows.ts";

export class RowsOfWrite {
  readonly #elasticsearch: ElasticsearchClient;
  readonly #form: IndexForm;
  readonly #untimely: () => void;

  /** `untimely` is told when documents are left out, or come in, otherwise than as Elasticsearch acknowledged them. */
  constructor(elasticsearch: ElasticsearchClient, form: IndexForm, untimely: () => void) {
    this.#elasticsearch = elasticsearch;
    this.#form = form;
    this.#untimely = untimely;
  }

  /** `byPipeline`: the request named an ingest pipeline. Throws what Elasticsearch throws. */
  async rows(operations: readonly Operation[], byPipeline: boolean): Promise<readonly Row[]> {
    const rows: Row[] = [];
    const changed: Operation[] = [];
    for (const operation of operations) {
      const { result, place, id, routing, action } = operation;
      if (result === "noop" || result === "not_found") continue;
      if ((action === "delete" || result === "deleted") && place !== null) rows.push({ id, routing, place, source: null });
      else if (!isRow(operation) || this.#byPipeline(operation, byPipeline)) changed.push(operation);
      else rows.push(operation);
    }
    return changed.length === 0 ? rows : [...rows, ...(await this.#readBack(changed))];
  }

  // A document that was changed again by now has the number of that later write, which brings it: here it would come twice.
  async #readBack(changed: readonly Operation[]): Promise<readonly Row[]> {
    const stored = await whileAway(() => readBack(this.#elasticsearch, this.#form.description.name, changed));
    const nameless = changed.some(({ place }) => place === null);
    const numbers = new Set(changed.map(({ id, place }) => `${place?.seqNo} ${id}`));
    const own = nameless ? stored : stored.filter(({ id, place }) => numbers.has(`${place.seqNo} ${id}`));
    if (nameless || own.length < changed.length) this.#untimely();
    return own;
  }

  #byPipeline({ pipeline }: Operation, byRequest: boolean): boolean {
    return (pipeline === null ? byRequest : pipeline !== "_none") || this.#form.description.pipeline;
  }
}

/** One that says all of its document. */
function isRow(operation: Operation): operation is Operation & Row {
  return operation.source !== null && operation.place !== null;
}
