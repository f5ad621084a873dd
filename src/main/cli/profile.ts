// `parallax profile`: a CPU or heap profile of the Parallax that runs, as a file.
import { CPU_FORMATS, type CpuFormat } from "../../shared/profiles.ts";
import { FORMAT_FILES, stamp } from "../profile/names.ts";
import { writeTo } from "./export.ts";
import { VerbFailure } from "./running_parallax.ts";
import { readVerbOptions, runVerb, type VerbOptions } from "./verb_options.ts";

const TYPES = ["cpu", "heap", "allocs"] as const;
type ProfileType = (typeof TYPES)[number];

const PATHS: Readonly<Record<ProfileType, string>> = { cpu: "profile", heap: "heap", allocs: "allocs" };
/** Of a heap profile: what is alive now. */
const SECONDS: Readonly<Record<ProfileType, number | null>> = { cpu: 30, heap: null, allocs: 10 };

/** Runs the verb; returns the exit code. */
export function profileCommand(argv: readonly string[]): Promise<number> {
  return runVerb("profile", async () => {
    const options = readVerbOptions("profile", argv, { seconds: "string", type: "string", format: "string", output: "string" });
    const [unknown] = options.names;
    if (unknown !== undefined) throw new VerbFailure(2, `What is ${JSON.stringify(unknown)}? \`parallax help\` lists the flags.`);
    const type = oneOf(options, "type", TYPES, "cpu");
    const format = oneOf(options, "format", CPU_FORMATS, "pprof");
    if (type !== "cpu" && format !== "pprof")
      throw new VerbFailure(2, `A profile of type ${type} is written for pprof only; leave out --format.`);
    const output = options.text("output") ?? `${type}-${stamp(new Date())}${FORMAT_FILES[format].ending}`;
    const query = queryOf(options.number("seconds") ?? SECONDS[type], format);
    await writeTo(output, async function* () {
      yield* await options.parallax.read(`/debug/pprof/${PATHS[type]}${query}`);
    });
    if (output !== "-") process.stdout.write(`${output}\n`);
    return 0;
  });
}

function queryOf(seconds: number | null, format: CpuFormat): string {
  const query = new URLSearchParams();
  if (seconds !== null) query.set("seconds", String(seconds));
  if (format !== "pprof") query.set("format", format);
  return query.size === 0 ? "" : `?${query}`;
}

function oneOf<T extends string>(options: VerbOptions, flag: string, values: readonly T[], fallback: T): T {
  const text = options.text(flag) ?? fallback;
  const value = values.find((each) => each === text);
  if (value !== undefined) return value;
  throw new VerbFailure(2, `--${flag} is ${JSON.stringify(text)}; there are ${values.join(", ")}.`);
}
