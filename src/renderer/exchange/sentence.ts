// What happened, in one plain sentence.
import type { ExchangeDetail } from "../../shared/exchange.ts";
import { strings } from "../strings.ts";
import { count, times } from "../ui/format.ts";
import { isAlone } from "./alone.ts";

export function sentenceOf(exchange: ExchangeDetail): string {
  if (exchange.error !== "") return exchange.error;
  if (exchange.status === 0) return strings.sentence.waiting;
  if (exchange.kind === "write") return writeSentence(exchange);
  if (exchange.kind !== "search" && isAlone(exchange) && exchange.note !== "") return sentence(exchange.note);
  if (exchange.kind !== "search") return strings.sentence.passed(exchange.status);
  if (exchange.verdict === null) return strings.sentence.comparing;
  return searchSentence(exchange);
}

function writeSentence({ mirror, note, status }: ExchangeDetail): string {
  if (mirror === null) return note === "" ? strings.sentence.passed(status) : sentence(note);
  const parts = [
    mirror.indexed > 0 ? strings.sentence.mirrored(mirror.indexed) : "",
    mirror.deleted > 0 ? strings.sentence.deleted(count(mirror.deleted)) : "",
    mirror.failed > 0 ? strings.sentence.rejected(count(mirror.failed)) : "",
    mirror.notMirrored > 0 ? strings.sentence.notMirrored(count(mirror.notMirrored), mirror.reason) : "",
  ].filter((part) => part !== "");
  return parts.length === 0 ? strings.sentence.nothingMirrored : sentence(parts.join("; "));
}

function searchSentence(exchange: ExchangeDetail): string {
  const reason = exchange.searches.length === 1 ? (exchange.searches[0]?.comparison.reason ?? exchange.note) : exchange.note;
  const speed = speedOf(exchange);
  switch (exchange.verdict) {
    case "equal":
      return speed === "" ? strings.sentence.equal : `${speed}${strings.sentence.andEqual}`;
    case "equivalent":
      return sentence(speed === "" ? reason : `${speed}${strings.sentence.and}${lower(reason)}`);
    case "different":
      return sentence(speed === "" ? reason : `${speed}${strings.sentence.but}${lower(reason)}`);
    case "unsupported":
      return unsupportedSentence(exchange);
    default:
      return reason === "" ? strings.sentence.notCompared : sentence(reason);
  }
}

function unsupportedSentence({ searches, note }: ExchangeDetail): string {
  const clauses = searches.flatMap((part) => part.comparison.unsupported);
  const [first] = clauses;
  return sentence(first === undefined ? note : `${strings.sentence.unsupported(clauses.length)}: ${lower(first.reason)}`);
}

function speedOf({ elasticsearchMs, clickhouseMs }: ExchangeDetail): string {
  if (elasticsearchMs === null || clickhouseMs === null || elasticsearchMs <= 0 || clickhouseMs <= 0) return "";
  if (elasticsearchMs < 10 && clickhouseMs < 10) return "";
  if (elasticsearchMs >= clickhouseMs * 1.1) return strings.sentence.clickhouseFaster(times(elasticsearchMs, clickhouseMs));
  if (clickhouseMs >= elasticsearchMs * 1.1) return strings.sentence.elasticsearchFaster(times(clickhouseMs, elasticsearchMs));
  return strings.sentence.asFast;
}

/** The first letter small, unless the word is a name or starts with a sign. */
function lower(text: string): string {
  return /^[A-Z][a-z]/.test(text) && !/^(Elasticsearch|ClickHouse|Parallax|Painless)/.test(text)
    ? (text[0] ?? "").toLowerCase() + text.slice(1)
    : text;
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
