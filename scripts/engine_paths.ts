// What the development server of the page leaves to the engine: patterns of URLs' paths, as Vite's proxy takes them.

/** The page's own modules are requested by their place in `src/renderer`, which has a folder called api, too. */
export const ENGINE_PATHS: readonly string[] = ["^/api/(?!.*\\.tsx?($|\\?))", "^/debug/", "^/speedscope/"];
