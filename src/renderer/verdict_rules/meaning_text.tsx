// Plain words with `code` in them.
import type { ReactElement } from "react";

export function MeaningText({ text }: { readonly text: string }): ReactElement {
  const pieces = [...text.matchAll(/`([^`]*)`|[^`]+/g)];
  return <p>{pieces.map(({ 0: whole, 1: code, index }) => (code === undefined ? whole : <code key={index}>{code}</code>))}</p>;
}
