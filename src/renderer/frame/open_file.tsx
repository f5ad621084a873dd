// A file that someone chooses or drops is shown: in the app the engine reads it where it lies, in a browser it is sent first.
import { type ReactElement, useRef, useState } from "react";
import { useTransport } from "../api/hooks.ts";
import { isSessionName, openDropped } from "../api/open_dropped.ts";
import { strings } from "../strings.ts";
import { bytes } from "../ui/format.ts";

interface OpeningFile {
  readonly open: (file: File) => void;
  /** Ends the sending; nothing of the file is kept. */
  readonly stop: () => void;
  /** What is on its way; "" when nothing is. */
  readonly sending: string;
  readonly problem: string;
  readonly forget: () => void;
}

export function useOpenFile(onOpened: () => void): OpeningFile {
  const transport = useTransport();
  const [sending, setSending] = useState("");
  const [problem, setProblem] = useState("");
  const running = useRef<AbortController | null>(null);
  const open = async (file: File): Promise<void> => {
    running.current?.abort();
    if (!isSessionName(file.name)) return setProblem(strings.drop.other(file.name));
    const own = new AbortController();
    running.current = own;
    setProblem("");
    setSending(strings.session.sending(file.name, bytes(file.size)));
    const reply = await openDropped(transport, file, own.signal);
    if (running.current !== own) return;
    setSending("");
    if (own.signal.aborted) return;
    if (reply.ok) onOpened();
    else setProblem(reply.error.message);
  };
  return {
    open: (file) => void open(file),
    stop: () => running.current?.abort(),
    sending,
    problem,
    forget: () => setProblem(""),
  };
}

/** A press opens the system's own dialog; meanwhile it says what is sent, and stops it. */
export function ChooseFile({ opening }: { readonly opening: OpeningFile }): ReactElement {
  const input = useRef<HTMLInputElement>(null);
  if (opening.sending !== "") {
    return (
      <>
        <span className="s2 cut" role="status">
          {opening.sending}
        </span>
        <button type="button" className="btn small" onClick={opening.stop}>
          {strings.share.stop}
        </button>
      </>
    );
  }
  return (
    <>
      <button type="button" className="btn small nowrap" title={strings.session.chooseHint} onClick={() => input.current?.click()}>
        {strings.session.choose}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept=".parallax,.har"
        aria-label={strings.session.choose}
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file !== undefined) opening.open(file);
          // The same file may be chosen again.
          target.value = "";
        }}
      />
    </>
  );
}
