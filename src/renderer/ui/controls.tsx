// Controls that are not Mantine's: a segmented control, tabs with a number key, a switch, a copy button.
import { type KeyboardEvent, type ReactElement, type ReactNode, useEffect, useState } from "react";
import { strings } from "../strings.ts";
import { Icon, type IconName } from "./icon.tsx";

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: ReactNode;
  readonly title?: string;
}

interface ChoicesProps<T extends string> {
  readonly label: string;
  readonly choices: readonly Choice<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
}

/** The neighbour that an arrow key goes to; undefined for any other key. */
function neighbour<T extends string>(event: KeyboardEvent, choices: readonly Choice<T>[], value: T): Choice<T> | undefined {
  const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
  if (step === 0) return undefined;
  const at = choices.findIndex((choice) => choice.value === value);
  return choices[(at + step + choices.length) % choices.length];
}

function onArrow<T extends string>(props: ChoicesProps<T>): (event: KeyboardEvent<HTMLDivElement>) => void {
  return (event) => {
    const next = neighbour(event, props.choices, props.value);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    props.onChange(next.value);
    const buttons = event.currentTarget.querySelectorAll("button");
    buttons[props.choices.indexOf(next)]?.focus();
  };
}

export function Segments<T extends string>(props: ChoicesProps<T> & { readonly small?: boolean; readonly bare?: boolean }): ReactElement {
  const className = `segments${props.small === true ? " small" : ""}${props.bare === true ? " bare" : ""}`;
  return (
    <div className={className} role="radiogroup" aria-label={props.label} onKeyDown={onArrow(props)}>
      {props.choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          role="radio"
          aria-checked={choice.value === props.value}
          tabIndex={choice.value === props.value ? 0 : -1}
          title={choice.title}
          onClick={() => props.onChange(choice.value)}
        >
          {choice.label}
        </button>
      ))}
    </div>
  );
}

export function Tabs<T extends string>(props: ChoicesProps<T>): ReactElement {
  return (
    <div className="tabs" role="tablist" aria-label={props.label} onKeyDown={onArrow(props)}>
      {props.choices.map((choice, i) => (
        <button
          key={choice.value}
          type="button"
          role="tab"
          aria-selected={choice.value === props.value}
          tabIndex={choice.value === props.value ? 0 : -1}
          onClick={() => props.onChange(choice.value)}
        >
          {choice.label} <span className="n">{i + 1}</span>
        </button>
      ))}
    </div>
  );
}

interface SwitchProps {
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  readonly children: ReactNode;
}

export function Switch({ on, onChange, children }: SwitchProps): ReactElement {
  return (
    <button type="button" className="switch" role="switch" aria-checked={on} onClick={() => onChange(!on)}>
      <i />
      {children}
    </button>
  );
}

interface IconButtonProps {
  readonly icon: IconName;
  readonly label: string;
  readonly onClick: () => void;
  readonly disabled?: boolean;
  readonly pressed?: boolean;
}

export function IconButton({ icon, label, onClick, disabled = false, pressed }: IconButtonProps): ReactElement {
  return (
    <button
      type="button"
      className="btn ghost small icon-only"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}

interface CopyButtonProps {
  /** The text, or what makes it when the button is pressed. */
  readonly text: string | (() => Promise<string>);
  readonly label?: string;
  readonly small?: boolean;
}

/** Copies, and says so in its own place for a second and a half. */
export function CopyButton({ text, label, small = true }: CopyButtonProps): ReactElement {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return undefined;
    const timer = setTimeout(() => setDone(false), 1500);
    return () => clearTimeout(timer);
  }, [done]);
  const copy = async () => {
    await writeClipboard(typeof text === "string" ? text : await text());
    setDone(true);
  };
  const iconOnly = label === undefined;
  return (
    <button
      type="button"
      className={`btn${small ? " small" : ""}${iconOnly ? " ghost icon-only" : ""}`}
      aria-label={iconOnly ? strings.copy : undefined}
      title={iconOnly ? strings.copy : undefined}
      onClick={() => void copy()}
    >
      <Icon name={done ? "check" : "copy"} />
      {label === undefined ? null : done ? strings.copied : label}
    </button>
  );
}

/** Puts text into the clipboard. */
export async function writeClipboard(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Refused without focus or permission: the old way works with neither.
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
}
