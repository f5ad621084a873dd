// Which application, dashboard and panel of Kibana a search is of. Kibana says so in X-Opaque-Id, outermost first:
// `9d2c…;kibana:application:dashboards:722b…;lens:lnsXY:c762…`, each `type:name:id`.

export interface ClientContext {
  /** Kibana's application, or the name of another client. */
  readonly application: string;
  /** Id of the dashboard's saved object; "" where there is none. */
  readonly dashboard: string;
  /** `type:name:id` of the innermost context that is no application and no dashboard; "" where there is none. */
  readonly panel: string;
}

/** How versions call the application of dashboards. */
const DASHBOARDS: readonly string[] = ["dashboards", "dashboard"];
const LONGEST = 300;

/** Reads X-Opaque-Id, or the user agent that stands for it. */
export function clientContext(client: string): ClientContext {
  const at = client.indexOf("kibana:");
  // Only at the begin, or after the request's own id, is it Kibana's.
  if (at < 0 || (at > 0 && client[at - 1] !== ";")) return { application: agentOf(client), dashboard: "", panel: "" };
  const contexts = client
    .slice(at + "kibana:".length)
    .split(";")
    .slice(0, 20);
  const parts = contexts.map((context) => ({ context: context.trim().slice(0, LONGEST), words: context.trim().split(":") }));
  const application = parts.find(({ words }) => words[0] === "application");
  const dashboard =
    parts.find(({ words }) => words[0] === "dashboard") ?? (DASHBOARDS.includes(application?.words[1] ?? "") ? application : undefined);
  const panel = parts.findLast(({ context, words }) => context !== "" && words[0] !== "application" && words[0] !== "dashboard");
  return {
    application: (application?.words[1] ?? "kibana").slice(0, LONGEST),
    dashboard: (dashboard?.words.slice(2).join(":") ?? "").slice(0, LONGEST),
    panel: panel?.context ?? "",
  };
}

// `elasticsearch-js/9.4.3 (linux …)` is one application whatever its version.
function agentOf(client: string): string {
  return (/^[^/\s;]+/.exec(client)?.[0] ?? "").slice(0, LONGEST);
}
