// What to take out beside what always goes: names of fields, headers and parameters, whole bodies, addresses and hosts.
import { type ReactElement, useId, useState } from "react";
import type { RedactionChoices, SharePlaces, SharePreview } from "../../shared/share.ts";
import { strings } from "../strings.ts";
import { Switch } from "../ui/controls.tsx";
import { Icon } from "../ui/icon.tsx";
import { placesOf } from "./share_dialog.tsx";

const WORDS = strings.share;

interface ChoicesProps {
  readonly preview: SharePreview;
  readonly redact: RedactionChoices;
  readonly isProfile: boolean;
  readonly onChange: (redact: RedactionChoices) => void;
}

export function Choices({ preview, redact, isProfile, onChange }: ChoicesProps): ReactElement {
  const bodies = redact.bodies ?? [];
  const body = (side: "request" | "answers", label: string) => (
    <Line label={label} places={bodies.includes(side) ? placesOf(preview, `body ${side}`) : ""}>
      <Switch
        on={bodies.includes(side)}
        onChange={(on) => onChange({ ...redact, bodies: on ? [...bodies, side] : bodies.filter((one) => one !== side) })}
      >
        {label}
      </Switch>
    </Line>
  );
  const hosts = isProfile ? WORDS.folders : WORDS.hosts;
  return (
    <section>
      <h3>{WORDS.choose}</h3>
      {isProfile ? null : (
        <>
          <Names
            label={WORDS.fields}
            hint={WORDS.fieldsHint}
            kind="field"
            known={preview.fields}
            chosen={redact.fields ?? []}
            preview={preview}
            onChange={(fields) => onChange({ ...redact, fields })}
          />
          <Names
            label={WORDS.headers}
            hint={WORDS.headersHint}
            kind="header"
            known={preview.headers}
            chosen={redact.headers ?? []}
            preview={preview}
            onChange={(headers) => onChange({ ...redact, headers })}
          />
          <Names
            label={WORDS.parameters}
            hint={WORDS.parametersHint}
            kind="parameter"
            known={preview.parameters}
            chosen={redact.parameters ?? []}
            preview={preview}
            onChange={(parameters) => onChange({ ...redact, parameters })}
          />
          {body("request", WORDS.requestBodies)}
          {body("answers", WORDS.answerBodies)}
          <Line label={WORDS.addresses} places={redact.addresses === true ? placesOf(preview, "addresses") : ""}>
            <Switch on={redact.addresses === true} onChange={(addresses) => onChange({ ...redact, addresses })}>
              {WORDS.addresses}
            </Switch>
          </Line>
        </>
      )}
      <Line label={hosts} places={redact.hosts === true && !isProfile ? placesOf(preview, "hosts") : ""}>
        <Switch on={redact.hosts === true} onChange={(on) => onChange({ ...redact, hosts: on })}>
          {hosts}
        </Switch>
      </Line>
    </section>
  );
}

function Line({ places, children }: { readonly label: string; readonly places: string; readonly children: ReactElement }): ReactElement {
  return (
    <div className="share-line">
      {children}
      <span className="s2 mut">{places}</span>
    </div>
  );
}

interface NamesProps {
  readonly label: string;
  readonly hint: string;
  readonly kind: "field" | "header" | "parameter";
  readonly known: readonly SharePlaces[];
  readonly chosen: readonly string[];
  readonly preview: SharePreview;
  readonly onChange: (names: readonly string[]) => void;
}

/** Names that are chosen, each with its places, and a field to add one; those that occur are offered. */
function Names({ label, hint, kind, known, chosen, preview, onChange }: NamesProps): ReactElement {
  const [text, setText] = useState("");
  const list = useId();
  const add = () => {
    const names = text.split(",").map((name) => name.trim());
    const fresh = names.filter((name, i) => name !== "" && !chosen.includes(name) && names.indexOf(name) === i);
    if (fresh.length > 0) onChange([...chosen, ...fresh]);
    setText("");
  };
  return (
    <form
      className="share-names"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <span className="dim s2">{label}</span>
      <span className="share-chips">
        {chosen.map((name) => (
          <button
            key={name}
            type="button"
            className="chip"
            aria-label={WORDS.remove(name)}
            onClick={() => onChange(chosen.filter((one) => one !== name))}
          >
            <span className="mono">{name}</span> <b>{placesOf(preview, `${kind} ${kind === "field" ? name : name.toLowerCase()}`)}</b>
            <Icon name="close" size={12} />
          </button>
        ))}
        <input
          className="field"
          list={list}
          aria-label={label}
          placeholder={hint}
          value={text}
          onChange={({ target }) => setText(target.value)}
          onBlur={add}
        />
        <datalist id={list}>
          {known.map(({ name }) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </span>
    </form>
  );
}
