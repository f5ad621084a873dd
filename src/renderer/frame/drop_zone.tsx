// A session file or a HAR that is dropped anywhere on the window is shown.
import { type ReactElement, useEffect, useState } from "react";
import { useTransport } from "../api/hooks.ts";
import { isSessionName, openDropped } from "../api/open_dropped.ts";
import { go } from "../route.ts";
import { strings } from "../strings.ts";
import { Icon } from "../ui/icon.tsx";

export function DropZone(): ReactElement | null {
  const transport = useTransport();
  const [over, setOver] = useState(false);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    const dragged = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const left = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const dropped = async (event: DragEvent): Promise<void> => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      const [file] = event.dataTransfer?.files ?? [];
      if (file === undefined) return;
      if (!isSessionName(file.name)) return setProblem(strings.drop.other(file.name));
      const reply = await openDropped(transport, file);
      setProblem(reply.ok ? "" : reply.error.message);
      if (reply.ok) go({ page: "traffic" });
    };
    const drop = (event: DragEvent): void => void dropped(event);
    addEventListener("dragover", dragged);
    addEventListener("dragleave", left);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", dragged);
      removeEventListener("dragleave", left);
      removeEventListener("drop", drop);
    };
  }, [transport]);
  if (over) {
    return (
      <div className="banner calm" role="status">
        <Icon name="right" />
        <span>{strings.drop.here}</span>
      </div>
    );
  }
  if (problem === "") return null;
  return (
    <div className="banner" role="alert">
      <Icon name="failed" />
      <span className="grow">{problem}</span>
      <button type="button" className="btn ghost small" onClick={() => setProblem("")}>
        {strings.close}
      </button>
    </div>
  );
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") === true;
}
