// Whether the window shows a shared file: there is no engine then, and nothing that one would have to do.
import { createContext, useContext } from "react";

const SharedFileContext = createContext(false);
export const SharedFileProvider = SharedFileContext.Provider;

/** True in a shared file. */
export function useSharedFile(): boolean {
  return useContext(SharedFileContext);
}
