// Who asked, in few words: Kibana's X-Opaque-Id names application, dashboard and panel; other clients have a user agent.

export interface ClientName {
  readonly main: string;
  readonly rest: string;
}

/** `9d2c;kibana:application:dashboards:722b;visualization:lnsXY:c762` → main `lnsXY c762`, rest `dashboards 722b`. */
export function clientName(client: string): ClientName {
  const parts = client.split(";").map((part) => part.trim());
  const contexts = parts.filter((part) => part.includes(":") && !/^[0-9a-f-]{36}$/.test(part));
  if (client.includes("kibana:") && contexts.length > 0) {
    const names = contexts.map(contextName).filter((name) => name !== "");
    return { main: names.at(-1) ?? "Kibana", rest: names.slice(0, -1).toReversed().join(" ") };
  }
  return { main: agentName(client), rest: "" };
}

// `kibana:application:discover:new` or `visualization:lnsXY:ID`: the kind is told by its place.
function contextName(context: string): string {
  const words = context.replace(/^kibana:/, "").split(":");
  const [type = "", name = "", id = ""] = words;
  const shortId = /^[0-9a-f-]{16,}$/.test(id) ? id.slice(0, 8) : decode(id);
  if (type === "application" || type === "visualization" || type === "lens") return [name, shortId].filter(Boolean).join(" ");
  return [type, name].filter(Boolean).join(" ");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// `elasticsearch-js/9.4.3 (linux …)` → `elasticsearch-js 9.4.3`
function agentName(agent: string): string {
  const match = /^([^/\s]+)\/([^\s]+)/.exec(agent);
  return match === null ? agent : `${match[1]} ${match[2]}`;
}
