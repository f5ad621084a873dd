// The telemetry report: where it goes, and on demand the report itself.
import { type ReactElement, useState } from "react";
import { useCall } from "../api/hooks.ts";
import { strings } from "../strings.ts";

const WORDS = strings.telemetry;

export function TelemetryView(): ReactElement | null {
  const [shown, setShown] = useState(false);
  const telemetry = useCall("telemetry.get", {}, { keep: true, staleMs: 10_000 });
  if (telemetry.data === undefined) return null;
  const { report, file, url, intervalSeconds } = telemetry.data;
  const every = WORDS.every(intervalSeconds);
  return (
    <section className="block telemetry">
      <div className="sec">
        <b>{WORDS.title}</b>
      </div>
      <p className="mut">{url === null ? WORDS.nowhere(file, every) : WORDS.sent(file, every, url)}</p>
      <button
        type="button"
        className="btn small"
        aria-expanded={shown}
        onClick={() => {
          setShown(!shown);
          if (!shown) void telemetry.refetch();
        }}
      >
        {shown ? WORDS.hide : WORDS.show}
      </button>
      {shown ? <pre className="mono">{JSON.stringify(report, null, 2)}</pre> : null}
    </section>
  );
}
