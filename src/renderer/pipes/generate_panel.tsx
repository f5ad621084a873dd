// What can be generated, as cards: what each makes, its figures, and one button.
import { useQueryClient } from "@tanstack/react-query";
import { type ReactElement, useState } from "react";
import type { GenerateRequest, GeneratorInfo, PipeInfo } from "../../shared/pipe.ts";
import { invalidate, useAction, useCall } from "../api/hooks.ts";
import { strings } from "../strings.ts";
import { Block } from "../ui/block.tsx";
import { count } from "../ui/format.ts";

const WORDS = strings.pipes.generate;
const WHAT: Readonly<Record<string, string>> = WORDS.what;
const NUMBERS = ["rate", "past", "seed", "documents"] as const;
type NumberName = (typeof NUMBERS)[number];

export function GeneratePanel({ pipes }: { readonly pipes: readonly PipeInfo[] }): ReactElement {
  const kinds = useCall("generators.list", {}, { staleMs: 3_600_000 });
  return (
    <Block title={WORDS.title}>
      <p className="s2 mut">{WORDS.hint}</p>
      {kinds.isError ? <p className="note different">{`${WORDS.unavailable} ${kinds.error.message}`}</p> : null}
      <div className="generators">
        {(kinds.data ?? []).map((kind) => (
          <Card
            key={kind.kind}
            kind={kind}
            running={pipes.some(({ id, state }) => id === `generate-${kind.kind}` && state === "running")}
          />
        ))}
      </div>
    </Block>
  );
}

function Card({ kind, running }: { readonly kind: GeneratorInfo; readonly running: boolean }): ReactElement {
  const client = useQueryClient();
  const begin = useAction("generator.begin");
  const [index, setIndex] = useState("");
  const [typed, setTyped] = useState<Partial<Record<NumberName, number>>>({});
  const asks = kind.unit === "requests";
  const start = (): void => {
    const request: GenerateRequest = { kind: kind.kind, ...typed, ...(index.trim() === "" ? {} : { index: index.trim() }) };
    begin.mutate(request, { onSettled: () => invalidate(client, ["pipes.list"]) });
  };
  return (
    <form
      className="generator"
      aria-label={kind.title}
      onSubmit={(event) => {
        event.preventDefault();
        start();
      }}
    >
      <b>{kind.title}</b>
      <p className="s2 mut">{WHAT[kind.kind] ?? ""}</p>
      <p className="s2">
        {WORDS.figures(count(kind.rate), kind.unit, kind.past === 0 ? "" : count(kind.past))}
        {asks ? null : <span className="mono mut generator-index breakable">{WORDS.to(kind.index)}</span>}
      </p>
      <details>
        <summary className="s2">{WORDS.options}</summary>
        <div className="generator-options">
          {asks ? null : (
            <label className="s2">
              {WORDS.index}
              <input className="field" value={index} placeholder={kind.index} onChange={(event) => setIndex(event.target.value)} />
            </label>
          )}
          {NUMBERS.filter((name) => !asks || name !== "past").map((name) => (
            <NumberField
              key={name}
              label={name === "documents" ? WORDS.documents(kind.unit) : WORDS[name]}
              placeholder={placeholderOf(name, kind)}
              hint={name === "rate" ? WORDS.rateHint : ""}
              onChange={(value) => setTyped((before) => changed(before, name, value))}
            />
          ))}
        </div>
      </details>
      {begin.error === null ? null : (
        <p className="note different" role="alert">
          {begin.error.message}
        </p>
      )}
      <button type="submit" className="btn small" disabled={running || begin.isPending}>
        {running ? WORDS.running : WORDS.start}
      </button>
    </form>
  );
}

function placeholderOf(name: NumberName, { rate, past }: GeneratorInfo): string {
  if (name === "documents") return WORDS.endless;
  return String({ rate, past, seed: 1 }[name]);
}

function changed(before: Partial<Record<NumberName, number>>, name: NumberName, value: number | null): Partial<Record<NumberName, number>> {
  const { [name]: _, ...others } = before;
  return value === null ? others : { ...others, [name]: value };
}

interface NumberFieldProps {
  readonly label: string;
  readonly placeholder: string;
  readonly hint: string;
  /** null: nothing is asked for. */
  readonly onChange: (value: number | null) => void;
}

function NumberField({ label, placeholder, hint, onChange }: NumberFieldProps): ReactElement {
  return (
    <label className="s2" title={hint}>
      {label}
      <input
        className="field"
        type="number"
        min={0}
        step={1}
        placeholder={placeholder}
        onChange={(event) => onChange(event.target.value === "" ? null : Number(event.target.value))}
      />
    </label>
  );
}
