// One exchange alone, at `#/exchange/ID`.
import type { ReactElement } from "react";
import { useCommands } from "../frame/keys.ts";
import { go, useRoute } from "../route.ts";
import { strings } from "../strings.ts";
import { State } from "../ui/state.tsx";
import { ExchangeView } from "./exchange_view.tsx";

export function ExchangePage(): ReactElement {
  const { id, tab } = useRoute();
  useCommands({
    leave: () => go({ page: "traffic", id, tab }),
    diff: () => go({ page: "exchange", id, tab: "responses" }, true),
  });
  if (id === null)
    return <State title={strings.exchange.none} action={{ label: strings.pages.traffic, run: () => go({ page: "traffic" }) }} />;
  return (
    <section className="detail fill alone" aria-label={strings.exchange.title(id)}>
      <ExchangeView id={id} tab={tab} alone onTab={(next) => go({ page: "exchange", id, tab: next }, true)} />
    </section>
  );
}
