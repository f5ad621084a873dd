// What to generate as it was asked for, and the plan that comes of it. Throws PipeRefusal in words where it can't be.
import type { GenerateRequest } from "../../../shared/pipe.ts";
import { PipeRefusal } from "../job.ts";
import type { Generator } from "./generator.ts";
import { GENERATORS, generatorOf } from "./generators.ts";
import type { RememberedGenerator } from "./remembered.ts";

const SEED = 1;
const SPAN_HOURS = 24;
const MOST_RATE = 100_000;
const MOST_DOCUMENTS = 1_000_000_000;
const HOUR_MS = 3_600_000;
/** As Elasticsearch refuses them, but for the length. */
const BAD_INDEX = /[\\/*?"<>| ,#:A-Z]|^[-_+.]/;

export interface Begun {
  readonly generator: Generator;
  readonly entry: RememberedGenerator;
}

/** `before`: the generator of that kind that was begun last; asked for alike, it goes on. `now`: epoch ms. */
export function begin(request: GenerateRequest, cluster: string, before: (kind: string) => RememberedGenerator | null, now: number): Begun {
  const generator = generatorOf(request.kind);
  if (generator === null)
    throw new PipeRefusal("wrong", `There is no generator "${request.kind}"; there are ${GENERATORS.map(({ name }) => name).join(", ")}.`);
  const { index = generator.index, seed = SEED, documents = null } = request;
  if (index === "" || (index !== generator.index && BAD_INDEX.test(index)))
    throw new PipeRefusal("wrong", `"${index}" can't be the name of an index: lower-case letters, digits, - _ and . within it.`);
  const rate = request.rate === undefined ? generator.rate : request.rate === 0 ? null : request.rate;
  if (rate !== null && rate > MOST_RATE)
    throw new PipeRefusal("wrong", `"rate" is at most ${MOST_RATE} documents a second; 0 is as fast as can be.`);
  if (documents !== null && (documents === 0 || documents > MOST_DOCUMENTS))
    throw new PipeRefusal("wrong", `"documents" is from 1 to ${MOST_DOCUMENTS}; leave it out to go on until it is stopped.`);
  const stream = request.stream ?? (request.index === undefined && isStreamName(index));
  const last = before(generator.name);
  const goesOn = last !== null && last.index === index && last.seed === seed && last.stream === stream;
  const plan = goesOn
    ? { past: last.past, span: last.span, begun: last.begun, made: last.made }
    : { past: request.past ?? generator.past, span: (request.spanHours ?? SPAN_HOURS) * HOUR_MS, begun: now, made: 0 };
  if (goesOn && documents !== null && last.made >= documents)
    throw new PipeRefusal(
      "wrong",
      `${last.made} ${generator.unit} of seed ${seed} were made already. Ask for more than that, or for another seed or index.`,
    );
  return { generator, entry: { cluster, kind: generator.name, index, stream, seed, rate, documents, ...plan, wanted: true } };
}

/** `TYPE-DATASET-NAMESPACE`, as Elasticsearch's own templates match them. */
function isStreamName(index: string): boolean {
  return /^(logs|metrics)-[^-]+-[^-]+$/.test(index);
}
