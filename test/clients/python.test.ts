// Elastic's Python client with its helpers, its DSL (part of it since version 9) and its asynchronous form.
import { join } from "node:path";
import { pythonClient } from "../../scripts/clients/python_client.ts";
import { testClient } from "./client_day.ts";

const VERSION = "9.5.1";

testClient({
  name: `elasticsearch ${VERSION} for Python`,
  recipe: () => pythonClient(`elasticsearch-${VERSION}`, [`elasticsearch[async]==${VERSION}`]),
  command: (folder) => [join(folder, "bin", "python"), join(import.meta.dirname, "work", "python.py")],
  modes: ["tap", "compare", "clickhouse"],
});
