// The parameters of a search that was captured, to ask it once more by itself.

/** They open something, wait for it, or belong to several searches. */
const OF_ITS_CLIENT: ReadonlySet<string> = new Set(
  "scroll index source source_content_type wait_for_completion_timeout keep_on_completion keep_alive max_concurrent_searches".split(" "),
);

/** Without those that concern only the client that asked. */
export function paramsAgain(params: ReadonlyMap<string, string>): URLSearchParams {
  return new URLSearchParams([...params].filter(([name]) => !OF_ITS_CLIENT.has(name)));
}
