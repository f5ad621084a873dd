// Where one side disagrees with itself: a line a place, with what it said there; and how long its answers took.
import type { ReactElement } from "react";
import type { NoiseSide, NoisyPath, NoisySide } from "../../../shared/noise.ts";
import { strings } from "../../strings.ts";
import { count, groupDigits, ms } from "../../ui/format.ts";
import { Side } from "../../ui/side.tsx";

const WORDS = strings.noise;

export function NoisySideTable({ side, noise }: { readonly side: NoisySide; readonly noise: NoiseSide }): ReactElement {
  const { answers, latencyMs, noisy, noisyCount, problem } = noise;
  return (
    <section className="noisy-side" aria-label={WORDS.side(side)}>
      <div className="line-up s2">
        <Side side={side === "elasticsearch" ? "es" : "ch"} />
        <span className="mut">{WORDS.answers(answers)}</span>
        {latencyMs === null ? null : (
          <span className="num mut" title={WORDS.latencyHint}>
            {WORDS.latency(ms(latencyMs.min), ms(latencyMs.median), ms(latencyMs.max))}
          </span>
        )}
      </div>
      {problem === "" ? null : <p className="s2 dim breakable">{WORDS.problem(problem)}</p>}
      {noisy.length > 0 ? <Places noisy={noisy} /> : <p className="s2 mut">{answers === 0 ? WORDS.noAnswer : WORDS.steady}</p>}
      {noisyCount > noisy.length ? <p className="s2 mut">{WORDS.more(noisyCount - noisy.length)}</p> : null}
    </section>
  );
}

function Places({ noisy }: { readonly noisy: readonly NoisyPath[] }): ReactElement {
  return (
    <table className="noisy-places s2">
      <thead>
        <tr>
          <th scope="col">{WORDS.place}</th>
          <th scope="col">{WORDS.kind}</th>
          <th scope="col" className="num">
            {WORDS.values}
          </th>
          <th scope="col">{WORDS.examples}</th>
        </tr>
      </thead>
      <tbody>
        {noisy.map(({ path, kind, places, distinct, examples, apart }) => (
          <tr key={`${path} ${kind}`}>
            <td>
              <span className="mono breakable">{path}</span>
              {places > 1 ? <span className="mut"> {WORDS.places(places)}</span> : null}
              {apart ? <div className="different">{WORDS.apart}</div> : null}
            </td>
            <td>{WORDS.kindOf(kind)}</td>
            <td className="num">{count(distinct)}</td>
            <td className="mono breakable">{examples.map(groupDigits).join(" · ")}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
