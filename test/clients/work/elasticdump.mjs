// elasticdump takes an index out, mapping and documents, and puts it into another: elasticdump.mjs FOLDER URL PREFIX.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { answerOf, ask, day, fill, MAPPINGS, refresh, SETTINGS } from "./day.mjs";

const COUNT = 5000;

await day(async ({ folder, url, prefix }) => {
  const [from, to] = [`${prefix}-from`, `${prefix}-to`];
  await ask(url, from, { mappings: MAPPINGS, settings: SETTINGS }, "PUT");
  await ask(url, to, { settings: SETTINGS }, "PUT");
  await fill(url, from, COUNT);
  const kept = mkdtempSync(join(tmpdir(), "clients-elasticdump-"));
  const dump = (input, output, type) => {
    const program = join(folder, "node_modules/elasticdump/bin/elasticdump");
    const options = [`--input=${input}`, `--output=${output}`, `--type=${type}`, "--limit=1000", "--quiet", "--noRefresh"];
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...options], { encoding: "utf8" });
    if (status !== 0) throw new Error(`${stdout}\n${stderr}`);
  };
  try {
    const [mapping, data] = [join(kept, "mapping.json"), join(kept, "data.json")];
    dump(`${url}/${from}`, mapping, "mapping");
    dump(`${url}/${from}`, data, "data");
    dump(mapping, `${url}/${to}`, "mapping");
    dump(data, `${url}/${to}`, "data");
    await refresh(url, `${to}`);
    const search = { size: 20, sort: [{ n: "asc" }], aggs: { hosts: { terms: { field: "host" } }, most: { max: { field: "bytes" } } } };
    const documents = readFileSync(data, "utf8").trim().split("\n").toSorted();
    return { mapping: readFileSync(mapping, "utf8"), documents, found: answerOf(await ask(url, `${to}/_search`, search)) };
  } finally {
    rmSync(kept, { recursive: true, force: true });
  }
});
