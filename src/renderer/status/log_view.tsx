// The log, live: the newest lines at the bottom, by level and by words.
import { type ReactElement, useEffect, useRef, useState } from "react";
import type { LogLevel, LogLine } from "../../shared/log.ts";
import { useCall, useInvalidation } from "../api/hooks.ts";
import { strings } from "../strings.ts";
import { Block } from "../ui/block.tsx";
import { Segments } from "../ui/controls.tsx";
import { clock } from "../ui/format.ts";

const WORDS = strings.log;
const SHOWN = 500;
const NEAR_PX = 24;

export function LogView(): ReactElement {
  const [level, setLevel] = useState<LogLevel>("info");
  const [text, setText] = useState("");
  const page = useCall("logs.list", { level, text, limit: SHOWN }, { keep: true });
  useInvalidation(["logs.list"], "log", 300);
  const lines = page.data?.lines ?? [];
  return (
    <Block title={WORDS.title}>
      <div className="log-bar">
        <Segments
          small
          label={WORDS.level}
          choices={[
            { value: "info", label: WORDS.levels.info },
            { value: "warn", label: WORDS.levels.warn },
            { value: "error", label: WORDS.levels.error },
          ]}
          value={level}
          onChange={setLevel}
        />
        <input
          className="field mono"
          type="search"
          aria-label={WORDS.find}
          placeholder={WORDS.find}
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <span className="s2 mut breakable">{page.data?.file ?? ""}</span>
      </div>
      {page.isError ? <p className="note different">{page.error.message}</p> : null}
      {page.data === undefined ? null : <Lines lines={lines} />}
    </Block>
  );
}

/** Keeps to the newest line while that is in view. */
function Lines({ lines }: { readonly lines: readonly LogLine[] }): ReactElement {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const newest = lines.at(-1)?.number ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new line is what it scrolls for.
  useEffect(() => {
    if (atEnd.current) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [newest, lines.length]);
  return (
    <div
      ref={box}
      className="log mono"
      role="log"
      aria-label={WORDS.title}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
      tabIndex={0}
      onScroll={({ currentTarget }) => {
        atEnd.current = currentTarget.scrollHeight - currentTarget.scrollTop - currentTarget.clientHeight < NEAR_PX;
      }}
    >
      {lines.length === 0 ? <p className="mut">{WORDS.none}</p> : null}
      {lines.map((line) => (
        <p key={line.number} className={line.level === "info" ? "" : "different"}>
          <span className="dim">{clock(Date.parse(line.time)).time}</span> <span className="log-level">{WORDS.levels[line.level]}</span>{" "}
          {line.message}
          <Fields fields={line.fields} />
        </p>
      ))}
    </div>
  );
}

function Fields({ fields }: Pick<LogLine, "fields">): ReactElement | null {
  const entries = Object.entries(fields);
  if (entries.length === 0) return null;
  return <span className="mut"> {entries.map(([name, value]) => `${name}=${String(value)}`).join(" ")}</span>;
}
