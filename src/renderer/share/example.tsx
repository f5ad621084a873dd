// One exchange before and after: what does not leave is struck out, and after it stands what does.
import type { ReactElement } from "react";
import type { SharePiece, SharePreview, ShareText } from "../../shared/share.ts";
import { strings } from "../strings.ts";
import { count } from "../ui/format.ts";

const WORDS = strings.share;

export function Example({ example }: Pick<SharePreview, "example">): ReactElement {
  if (example === null) return <section className="share-example" />;
  return (
    <section className="share-example" aria-label={WORDS.example(String(example.id))}>
      <h3>{WORDS.example(`#${count(example.id)}`)}</h3>
      <p className="s2 mut">{WORDS.exampleHint}</p>
      <div className="share-texts" role="document">
        {example.texts.map((text) => (
          <Text key={text.name} text={text} />
        ))}
      </div>
    </section>
  );
}

function Text({ text: { name, pieces, cut } }: { readonly text: ShareText }): ReactElement {
  const places = pieces.filter(({ redacted }) => redacted !== undefined).length;
  return (
    <details open={places > 0 || name === "path"}>
      <summary>
        <b>{WORDS.texts[name]}</b> <span className="s2 mut">{places === 0 ? WORDS.unchanged : WORDS.places(places, count(places))}</span>
      </summary>
      <pre className="mono">
        {pieces.map((piece, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have nothing but their place
          <Piece key={i} piece={piece} />
        ))}
        {cut ? <span className="mut">{WORDS.cut}</span> : null}
      </pre>
    </details>
  );
}

function Piece({ piece: { text, redacted } }: { readonly piece: SharePiece }): ReactElement {
  if (redacted === undefined) return <>{text}</>;
  return (
    <>
      <del>{text}</del>
      {redacted === "" ? null : <ins>{redacted}</ins>}
    </>
  );
}
