// rsyslog's omelasticsearch from Debian: unpacked beside the machine's own, run as a process of the test's.
import { join } from "node:path";
import { debianClient } from "../../scripts/clients/debian_client.ts";
import { testClient } from "./client_day.ts";

testClient({
  name: "rsyslog's omelasticsearch",
  recipe: () => debianClient("rsyslog", ["rsyslog", "rsyslog-elasticsearch"]),
  command: (folder) => [process.execPath, join(import.meta.dirname, "work", "rsyslog.mjs"), folder],
});
