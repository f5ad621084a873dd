// Whether what is shown is only looked at: a session opened from a file, or a shared file. Nothing there is pinned, marked or cleared.
import { useCall } from "./hooks.ts";
import { useSharedFile } from "./shared_file.ts";

/** False until the engine has said what is open. */
export function useReadOnly(): boolean {
  const shared = useSharedFile();
  const status = useCall("status.get", {}, { enabled: !shared, staleMs: 30_000 });
  return shared || status.data?.session.readOnly === true;
}
