// A session file or a HAR that is dropped anywhere on the window is shown.
import { type ReactElement, useEffect, useRef, useState } from "react";
import { go } from "../route.ts";
import { strings } from "../strings.ts";
import { Icon } from "../ui/icon.tsx";
import { useOpenFile } from "./open_file.tsx";

export function DropZone(): ReactElement | null {
  const [over, setOver] = useState(false);
  const opening = useOpenFile(() => go({ page: "traffic" }));
  const take = useRef(opening.open);
  take.current = opening.open;
  useEffect(() => {
    const dragged = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const left = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      const [file] = event.dataTransfer?.files ?? [];
      if (file !== undefined) take.current(file);
    };
    addEventListener("dragover", dragged);
    addEventListener("dragleave", left);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", dragged);
      removeEventListener("dragleave", left);
      removeEventListener("drop", drop);
    };
  }, []);
  if (over) {
    return (
      <div className="banner calm" role="status">
        <Icon name="right" />
        <span>{strings.drop.here}</span>
      </div>
    );
  }
  if (opening.sending !== "") {
    return (
      <div className="banner calm" role="status">
        <span className="grow">{opening.sending}</span>
        <button type="button" className="btn ghost small" onClick={opening.stop}>
          {strings.share.stop}
        </button>
      </div>
    );
  }
  if (opening.problem === "") return null;
  return (
    <div className="banner" role="alert">
      <Icon name="failed" />
      <span className="grow">{opening.problem}</span>
      <button type="button" className="btn ghost small" onClick={opening.forget}>
        {strings.close}
      </button>
    </div>
  );
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") === true;
}
