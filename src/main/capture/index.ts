// The session's public face.
export { compileFilter, FILTER_OPERATORS } from "./filter/index.ts";
export { openSession, Session } from "./session.ts";
export { SessionError } from "./session_file.ts";
export { shapeOf } from "./shape.ts";
export type * from "./types.ts";
