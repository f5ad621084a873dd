// The contract's handlers of the sample data.
import type { RequestName } from "../../shared/contract.ts";
import type { SampleDataState } from "../../shared/sample_data.ts";
import { ElasticsearchAway, ElasticsearchClient, ElasticsearchRefused } from "../elasticsearch/client.ts";
import type { Engine } from "../engine.ts";
import { addSampleData, removeSampleData, type SampleDataSource, sampleDataOf } from "../pipes/sample_data.ts";
import { ContractFailure, type Handlers } from "./handlers.ts";
import { RECORDED, refused } from "./index_handlers.ts";

const NOBODY = "No Elasticsearch is connected. Connect Parallax to one, then add sample data.";

export function sampleDataHandlers(engine: Engine): Pick<Handlers, Extract<RequestName, `sample_data.${string}`>> {
  return {
    "sample_data.get": () => state(engine),
    "sample_data.add": ({ queries }) => change(engine, (source, endpoint) => addSampleData(source, endpoint, queries ?? true)),
    "sample_data.remove": () => change(engine, removeSampleData),
  };
}

/** Tells why nothing can be added rather than to fail. */
async function state(engine: Engine): Promise<SampleDataState> {
  const source = sourceOf(engine);
  if (typeof source === "string") return { why: source, empty: false, sets: [], asking: false };
  try {
    return { why: "", ...(await sampleDataOf(source)) };
  } catch (error) {
    if (error instanceof ElasticsearchAway || error instanceof ElasticsearchRefused)
      return { why: error.message, empty: false, sets: [], asking: false };
    throw error;
  }
}

async function change(
  engine: Engine,
  work: (source: SampleDataSource, endpoint: ElasticsearchClient) => Promise<void>,
): Promise<SampleDataState> {
  if (engine.sampleVersion !== null) throw new ContractFailure("recorded", RECORDED, 409);
  const source = sourceOf(engine);
  if (typeof source === "string") throw new ContractFailure("away", source, 503);
  if (engine.endpoint.url === null)
    throw new ContractFailure("stopped", "The proxy is stopped, through which everything is sent. Start it first.", 503);
  const endpoint = new ElasticsearchClient(engine.endpoint.url);
  try {
    await work(source, endpoint);
  } catch (error) {
    if (error instanceof ElasticsearchAway) throw new ContractFailure("away", error.message, 503);
    if (error instanceof ElasticsearchRefused) throw new ContractFailure("elasticsearch", error.message, 409);
    return refused(error);
  } finally {
    endpoint.close();
  }
  return state(engine);
}

function sourceOf(engine: Engine): SampleDataSource | string {
  const { workspace, pipes } = engine;
  if (engine.sampleVersion !== null) return RECORDED;
  return workspace === null ? NOBODY : { elasticsearch: workspace.elasticsearch, pipes };
}
