// The preview of what leaves: what was taken out already, what looks like a secret, what to take out as well, and one exchange
// before and after. The file is made by the engine; nothing leaves before someone takes it.
import { Modal } from "@mantine/core";
import { type ReactElement, useState } from "react";
import {
  ALWAYS_REDACTED,
  type RedactionChoices,
  SHARE_FORMATS,
  type ShareFormat,
  type ShareOf,
  type SharePreview,
} from "../../shared/share.ts";
import { useCall } from "../api/hooks.ts";
import { strings } from "../strings.ts";
import { Segments } from "../ui/controls.tsx";
import { bytes, count } from "../ui/format.ts";
import { LoadingBars, State, Unavailable } from "../ui/state.tsx";
import { Choices } from "./choices.tsx";
import { Example } from "./example.tsx";
import { Making } from "./making.tsx";
import type { SharedAs } from "./share_button.tsx";
import "./share.css";

const WORDS = strings.share;

interface ShareDialogProps {
  readonly of: ShareOf;
  /** The format that is chosen at first. */
  readonly begin: ShareFormat;
  readonly page: SharedAs;
  readonly onClose: () => void;
}

export function ShareDialog({ of, begin, page, onClose }: ShareDialogProps): ReactElement {
  const [format, setFormat] = useState(begin);
  const [redact, setRedact] = useState<RedactionChoices>({});
  const preview = useCall("share.preview", { of, redact }, { keep: true });
  const isProfile = of.profile !== undefined;
  return (
    <Modal opened onClose={onClose} title={WORDS.title} size={1180} transitionProps={{ duration: 0 }} centered={false} yOffset={32}>
      {preview.data === undefined ? (
        preview.isError ? (
          <Unavailable title={WORDS.unavailable} query={preview} />
        ) : (
          <LoadingBars />
        )
      ) : !isProfile && preview.data.exchanges === 0 ? (
        <State title={WORDS.nothing} />
      ) : (
        <div className="share">
          <p className="share-sentence">{sentenceOf(preview.data, isProfile)}</p>
          <div className={isProfile ? "share-body alone" : "share-body"}>
            <div className="share-left">
              {isProfile ? null : <Secrets preview={preview.data} redact={redact} onChange={setRedact} />}
              <Choices preview={preview.data} redact={redact} isProfile={isProfile} onChange={setRedact} />
            </div>
            {isProfile ? null : <Example example={preview.data.example} />}
          </div>
          <div className="share-foot">
            {isProfile ? null : (
              <Segments
                label={WORDS.format}
                choices={SHARE_FORMATS.map((value) => ({ value, label: WORDS.formats[value][0], title: WORDS.formats[value][1] }))}
                value={format}
                onChange={setFormat}
              />
            )}
            <span className="s2 mut cut grow" title={WORDS.formats[format][1]}>
              {preview.isFetching ? WORDS.working : WORDS.formats[format][1]}
            </span>
            <Making
              key={JSON.stringify({ redact, format })}
              request={{ of, format, redact, ...page }}
              tooLarge={format === "html" ? preview.data.tooLarge : ""}
              ready={!preview.isPlaceholderData}
            />
          </div>
        </div>
      )}
    </Modal>
  );
}

function sentenceOf(preview: SharePreview, isProfile: boolean): string {
  if (isProfile) return WORDS.profileLeaves(bytes(preview.bytes));
  const leaves = WORDS.leaves(preview.exchanges, count(preview.exchanges), bytes(preview.bytes));
  return preview.examined < preview.exchanges ? `${leaves} ${WORDS.examined(count(preview.examined), count(preview.exchanges))}` : leaves;
}

interface SecretsProps {
  readonly preview: SharePreview;
  readonly redact: RedactionChoices;
  readonly onChange: (redact: RedactionChoices) => void;
}

/** What is gone already, and what looks like a secret. */
function Secrets({ preview, redact, onChange }: SecretsProps): ReactElement {
  const chosen = redact.secrets ?? [];
  return (
    <>
      <section>
        <h3>{WORDS.already}</h3>
        {preview.already.length === 0 ? <p className="s2 mut">{WORDS.alreadyNone}</p> : null}
        <ul className="share-lines">
          {preview.already.map(({ name, places }) => (
            <li key={name}>
              <span className="mono cut">{name}</span>
              <span className="s2 mut">{WORDS.places(places, count(places))}</span>
            </li>
          ))}
        </ul>
        <p className="s2 mut">{WORDS.always}</p>
      </section>
      <section>
        <h3>{WORDS.looksLike}</h3>
        {preview.warnings.length === 0 && chosen.length === 0 ? <p className="s2 mut">{WORDS.none}</p> : null}
        <ul className="share-lines">
          {preview.warnings.map(({ kind, places, where }) => (
            <li key={kind} className="warned">
              <span className="cut" title={WORDS.where(where)}>
                <b>{WORDS.secrets[kind]}</b> <span className="s2 mut">{WORDS.where(where)}</span>
              </span>
              <span className="s2 different nowrap">{WORDS.places(places, count(places))}</span>
              <button type="button" className="btn small" onClick={() => onChange({ ...redact, secrets: [...chosen, kind] })}>
                {WORDS.redact}
              </button>
            </li>
          ))}
          {chosen
            .filter((kind) => !ALWAYS_REDACTED.includes(kind))
            .map((kind) => (
              <li key={kind}>
                <span className="cut">{WORDS.secrets[kind]}</span>
                <span className="s2 mut nowrap">{placesOf(preview, `secret ${kind}`)}</span>
                <button
                  type="button"
                  className="btn ghost small"
                  onClick={() => onChange({ ...redact, secrets: chosen.filter((other) => other !== kind) })}
                >
                  {WORDS.keep}
                </button>
              </li>
            ))}
        </ul>
      </section>
    </>
  );
}

/** How many places a choice takes out, in words. */
export function placesOf({ chosen }: SharePreview, name: string): string {
  const places = chosen.find((one) => one.name === name)?.places ?? 0;
  return WORDS.places(places, count(places));
}
