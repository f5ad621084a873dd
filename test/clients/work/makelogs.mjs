// makelogs fills daily indices, of which its documents are made by chance: makelogs.mjs FOLDER URL PREFIX.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { ask, day, refresh } from "./day.mjs";

const COUNT = 3000;

await day(async ({ folder, url, prefix }) => {
  const program = join(folder, "node_modules/@elastic/makelogs/bin/makelogs");
  const options = ["--count", `${COUNT}`, "--days", "1", "--url", url, "--indexPrefix", `${prefix}-`, "--reset"];
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...options], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${stdout}\n${stderr}`);
  await refresh(url, `${prefix}-*`);
  const search = {
    size: 50,
    sort: [{ "@timestamp": "desc" }, { id: "asc" }],
    query: { bool: { filter: [{ range: { bytes: { gte: 1000 } } }, { exists: { field: "geo.srcdest" } }] } },
    aggs: {
      over: { date_histogram: { field: "@timestamp", fixed_interval: "3h" } },
      sources: { terms: { field: "geo.srcdest" }, aggs: { bytes: { avg: { field: "bytes" } } } },
    },
  };
  await ask(url, `${prefix}-*/_search`, search);
  const { count } = await ask(url, `${prefix}-*/_count`);
  const templates = await ask(url, `_template/makelogs_index_template__${prefix}-`);
  await ask(url, `_template/makelogs_index_template__${prefix}-`, undefined, "DELETE");
  return { count, templates: Object.keys(templates) };
});
