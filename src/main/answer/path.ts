// The paths of endpoints: `GET /{index}/_search` as a pattern for the proxy, and read for a call. Pure.

export interface PathMatch {
  readonly endpoint: string;
  readonly index: string;
  readonly id: string;
}

/** The pattern on `METHOD target` for a path; segments may be percent-encoded. */
export function pathPattern(path: string): string {
  const [method = "", route = ""] = path.split(" ");
  const segments = route.split("/").slice(1);
  const parts = segments.map((segment) => {
    if (segment === "{index}") return "(?:_all|[^_/?][^/?]*)";
    return segment === "{id}" ? "[^/?]+" : segment;
  });
  return `${method} /${parts.join("/")}/?(?:\\?|$)`;
}

/** Reads `METHOD` and the target's path by `path`; null when they don't fit. */
export function matchPath(path: string, method: string, target: string): PathMatch | null {
  const [wanted = "", route = ""] = path.split(" ");
  if (wanted !== method) return null;
  const names = route.split("/").filter((segment) => segment !== "");
  const [own = ""] = target.split("?", 1);
  const segments = own.split("/").filter((segment) => segment !== "");
  if (segments.length !== names.length) return null;
  const match = { endpoint: names.find((name) => name.startsWith("_")) ?? "", index: "", id: "" };
  for (const [at, name] of names.entries()) {
    const segment = decode(segments[at] ?? "");
    if (segment === null) return null;
    if (name === "{index}") {
      if (segment.startsWith("_") && segment !== "_all") return null;
      match.index = segment;
    } else if (name === "{id}") match.id = segment;
    else if (name !== segment) return null;
  }
  return match;
}

function decode(segment: string): string | null {
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
