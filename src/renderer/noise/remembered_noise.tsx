// The noise that is remembered: of one query shape, or of all, each with a way to forget it.
import { useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";
import type { RememberedNoise } from "../../shared/noise.ts";
import { useAction, useCall } from "../api/hooks.ts";
import { printRoute } from "../route.ts";
import { strings } from "../strings.ts";
import { Block } from "../ui/block.tsx";
import { dateTime } from "../ui/format.ts";
import "./remembered_noise.css";

const WORDS = strings.noise;
const day = (epochMs: number): string => dateTime(epochMs).slice(0, 10);

/** One sentence, or nothing where nothing is remembered of the shape. */
export function RememberedNoiseOf({ shape }: { readonly shape: string }): ReactElement | null {
  const noise = useCall("noise.list", {}, { enabled: shape !== "" }).data?.find((one) => one.shape === shape);
  if (noise === undefined) return null;
  return (
    <div className="remembered-noise s2">
      <span>{WORDS.remembered(noise.paths.length, day(noise.time))}</span> <Forget noise={noise} />
    </div>
  );
}

/** All of them; nothing where there is none. */
export function RememberedNoiseBlock(): ReactElement | null {
  const list = useCall("noise.list", {}).data ?? [];
  if (list.length === 0) return null;
  return (
    <Block title={WORDS.list}>
      <p className="s2 mut">{WORDS.listLead}</p>
      <ul className="remembered-noises">
        {list.map((noise) => (
          <li key={noise.shape} className="s2">
            <div className="line-up">
              <a className="mono breakable" href={printRoute({ page: "traffic", filter: `~shape ${noise.shape}` })}>
                {noise.sketch}
              </a>
              <span className="mut nowrap">{WORDS.seen(noise.times, day(noise.time))}</span>
              <Forget noise={noise} />
            </div>
            <ul className="mono dim">
              {noise.paths.map(({ path, kind }) => (
                <li key={`${path} ${kind}`} className="breakable">
                  {path} <span className="mut">{WORDS.kindOf(kind)}</span>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </Block>
  );
}

function Forget({ noise }: { readonly noise: RememberedNoise }): ReactElement {
  const client = useQueryClient();
  const forget = useAction("noise.forget");
  const take = (left: readonly RememberedNoise[]) => {
    client.setQueryData(["noise.list", {}], left);
    void client.invalidateQueries({ queryKey: ["exchange.probe_state"] });
  };
  return (
    <>
      <button
        type="button"
        className="link"
        disabled={forget.isPending}
        onClick={() => forget.mutate({ shape: noise.shape }, { onSuccess: take })}
      >
        {WORDS.forget}
      </button>
      {forget.isError ? (
        <span className="different" role="alert">
          {forget.error.message}
        </span>
      ) : null}
    </>
  );
}
