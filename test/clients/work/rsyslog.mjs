// rsyslogd by itself, with a configuration of its own, sends a file's lines by omelasticsearch: rsyslog.mjs FOLDER URL PREFIX.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { answerOf, ask, day, MAPPINGS, refresh, SETTINGS } from "./day.mjs";

const COUNT = 5000;

await day(async ({ folder, url, prefix }) => {
  const [plugin = ""] = globSync(join(folder, "usr/lib/**/rsyslog/omelasticsearch.so"));
  const plugins = dirname(plugin);
  const index = `${prefix}-syslog`;
  const { hostname, port } = new URL(url);
  const own = mkdtempSync(join(tmpdir(), "clients-rsyslog-"));
  const input = join(own, "input.log");
  writeFileSync(
    input,
    Array.from({ length: COUNT }, (_, n) => `${n} host-${n % 7} ${"line of a log, ein Füchslein"} "${n % 9}"\n`).join(""),
  );
  const configuration = join(own, "rsyslog.conf");
  writeFileSync(
    configuration,
    `global(workDirectory="${own}")
module(load="imfile" mode="polling" pollingInterval="1")
module(load="omelasticsearch")
template(name="event" type="list" option.jsonf="on") {
  property(outname="n" name="msg" field.delimiter="32" field.number="1" format="jsonf")
  property(outname="host" name="msg" field.delimiter="32" field.number="2" format="jsonf")
  property(outname="text" name="msg" format="jsonf")
}
input(type="imfile" file="${input}" tag="clients:" ruleset="send")
ruleset(name="send") {
  action(type="omelasticsearch" server="${hostname}" serverport="${port}" searchIndex="${index}" searchType="" bulkmode="on"
    template="event" queue.type="linkedlist" queue.size="20000" queue.dequeuebatchsize="500" action.resumeretrycount="-1"
    errorfile="${join(own, "errors.json")}")
}
`,
  );
  await ask(url, index, { mappings: MAPPINGS, settings: SETTINGS }, "PUT");
  const options = ["-n", "-f", configuration, "-i", join(own, "rsyslogd.pid"), "-M", plugins];
  const env = { ...process.env, LD_LIBRARY_PATH: dirname(plugins) };
  const daemon = spawn(join(folder, "usr/sbin/rsyslogd"), options, { env, stdio: ["ignore", "inherit", "inherit"] });
  let said = "it did not send all of them";
  daemon.on("exit", (code) => (said = `rsyslogd ended with ${code}`));
  try {
    for (let count = 0; count < COUNT; ) {
      if (daemon.exitCode !== null) throw new Error(said);
      await pause(200);
      await refresh(url, `${index}`);
      count = (await ask(url, `${index}/_count`)).count ?? 0;
    }
    const search = {
      size: 20,
      sort: [{ n: "asc" }],
      _source: true,
      query: { match: { text: "füchslein" } },
      aggs: { hosts: { terms: { field: "host" } } },
    };
    const { total, hits, aggregations } = answerOf(await ask(url, `${index}/_search`, search));
    return { total, found: hits.map(({ _source }) => _source), aggregations };
  } finally {
    if (daemon.exitCode === null) {
      daemon.kill("SIGTERM");
      await once(daemon, "exit");
    }
    rmSync(own, { recursive: true, force: true });
  }
});
