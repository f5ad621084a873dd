// "Copy as": the request in one of the forms, in the reader's clipboard.
import { Menu } from "@mantine/core";
import { type ReactElement, useEffect, useState } from "react";
import type { ExchangeDetail } from "../../../shared/exchange.ts";
import { useCommands } from "../../frame/keys.ts";
import { strings } from "../../strings.ts";
import { writeClipboard } from "../../ui/controls.tsx";
import { Icon } from "../../ui/icon.tsx";
import { COPY_FORMATS } from "./formats.ts";
import { useCopy } from "./use_copy.ts";

type Outcome = "copied" | "failed" | null;

export function CopyMenu({ exchange }: { readonly exchange: ExchangeDetail }): ReactElement {
  const textOf = useCopy(exchange);
  const [outcome, setOutcome] = useState<Outcome>(null);
  useEffect(() => {
    if (outcome === null) return undefined;
    const timer = setTimeout(() => setOutcome(null), 1500);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = (id: string) => {
    textOf(id)
      .then(writeClipboard)
      .then(
        () => setOutcome("copied"),
        () => setOutcome("failed"),
      );
  };
  const whole = !exchange.request.truncated;
  useCommands({
    copyCurl: whole ? () => copy("curl") : undefined,
    copyConsole: whole ? () => copy("console") : undefined,
    copyFetch: whole ? () => copy("fetch") : undefined,
    copyHttpie: whole ? () => copy("httpie") : undefined,
  });
  const label = outcome === "copied" ? strings.copied : outcome === "failed" ? strings.exchange.copyFailed : strings.exchange.copyAs;
  return (
    <Menu position="top-start">
      <Menu.Target>
        <button type="button" className="btn small" disabled={exchange.request.truncated} title={truncatedTitle(exchange)}>
          <Icon name={outcome === "copied" ? "check" : "copy"} />
          {label}
          <Icon name="down" size={12} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {COPY_FORMATS.map((format) => (
          <Menu.Item key={format.id} onClick={() => copy(format.id)}>
            {format.label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function truncatedTitle({ request }: ExchangeDetail): string | undefined {
  return request.truncated ? strings.exchange.notWhole : undefined;
}
