// What a request of Kibana's is a sign of: by its path, and by the application that X-Opaque-Id names.
import { clientContext } from "../../shared/client_context.ts";
import type { HeaderPairs } from "../../shared/exchange.ts";
import type { KibanaSign } from "../../shared/kibana.ts";
import { route, SEARCHES } from "../elasticsearch/route.ts";
import { header } from "../exchange/record.ts";
import { PLAYER } from "../pipes/generators/user/requests.ts";

const PRIVILEGES: readonly string[] = ["_has_privileges", "_authenticate", "_privilege", "privilege", "user"];
const DATA_VIEWS: readonly string[] = ["_field_caps", "_resolve", "_mapping", "_mappings", "_terms_enum"];
const APPLICATIONS: Readonly<Record<string, KibanaSign>> = {
  discover: "discover",
  dashboards: "dashboards",
  dashboard: "dashboards",
  lens: "lens",
  visualize: "visualize",
  maps: "maps",
  dev_tools: "console",
};

/** Whether it is Kibana who asks, and not the generator that plays one of its users. */
export function isKibana(headers: HeaderPairs): boolean {
  const opaqueId = header(headers, "x-opaque-id");
  if (opaqueId.startsWith(PLAYER)) return false;
  if (header(headers, "x-elastic-product-origin").toLowerCase() === "kibana") return true;
  return /^kibana\//i.test(header(headers, "user-agent")) || /(^|;)kibana:/.test(opaqueId);
}

/** As Kibana's user agent names it, `9.4.3`; null where it does not. */
export function kibanaVersion(headers: HeaderPairs): string | null {
  return /^kibana\/(\d+\.\d+\.\d+\S*)/i.exec(header(headers, "user-agent"))?.[1] ?? null;
}

/** `target` is path and query as sent. */
export function signOf(method: string, target: string, headers: HeaderPairs): KibanaSign {
  const routed = route(method, target);
  const { endpoint, id, index } = routed;
  if (endpoint === "" && index === "") return "product";
  if (endpoint === "_nodes" || endpoint === "_cluster") return "nodes";
  if (endpoint === "_xpack" || endpoint === "_license") return "license";
  if (endpoint === "_security") return PRIVILEGES.includes(id) ? "privileges" : "other";
  if (/^\.kibana_task_manager/.test(index)) return "task_manager";
  if (index.startsWith(".kibana")) return "saved_objects";
  if (endpoint === "_bulk" || routed.kind === "write") return "writes";
  const application = APPLICATIONS[clientContext(header(headers, "x-opaque-id")).application];
  if (SEARCHES.has(endpoint) && application !== undefined) return application;
  return DATA_VIEWS.includes(endpoint) ? "data_views" : (application ?? "other");
}
