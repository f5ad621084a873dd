// What Kibana is given so that it asks Parallax, as text to paste.
import type { EndpointTls } from "../../shared/kibana.ts";

export const KIBANA_FORMS = ["yml", "docker", "compose"] as const;
export type KibanaForm = (typeof KIBANA_FORMS)[number];

interface Endpoint {
  readonly port: number;
  readonly tls: EndpointTls;
  /** Of Parallax's own authority; null where it is another's. */
  readonly authorityFile: string | null;
  /** Of Elasticsearch, which Kibana's is to be; null while it is not known. */
  readonly version: string | null;
}

/** Where a container finds the authority. */
const IN_CONTAINER = "/usr/share/kibana/config/parallax-ca.pem";
const ANOTHERS = "/path/to/its-ca.pem";

export function settingsOf(form: KibanaForm, { port, tls, authorityFile, version }: Endpoint): string {
  const hosts = `["${tls === "off" ? "http" : "https"}://localhost:${port}"]`;
  const authority = tls === "off" ? null : (authorityFile ?? ANOTHERS);
  const image = `docker.elastic.co/kibana/kibana:${version ?? "VERSION"}`;
  if (form === "yml")
    return lines(
      `elasticsearch.hosts: ${hosts}`,
      authority === null ? null : `elasticsearch.ssl.certificateAuthorities: [${quoted(authority)}]`,
    );
  if (form === "docker")
    return lines(
      "docker run --network host \\",
      `  -e ELASTICSEARCH_HOSTS='${hosts}' \\`,
      authority === null ? null : `  -e ELASTICSEARCH_SSL_CERTIFICATEAUTHORITIES=${IN_CONTAINER} \\`,
      authority === null ? null : `  -v ${quoted(`${authority}:${IN_CONTAINER}:ro`)} \\`,
      `  ${image}`,
    );
  return lines(
    "services:",
    "  kibana:",
    `    image: ${image}`,
    "    network_mode: host",
    "    environment:",
    `      ELASTICSEARCH_HOSTS: '${hosts}'`,
    ...(authority === null
      ? []
      : [
          `      ELASTICSEARCH_SSL_CERTIFICATEAUTHORITIES: ${IN_CONTAINER}`,
          "    volumes:",
          `      - ${quoted(`${authority}:${IN_CONTAINER}:ro`)}`,
        ]),
  );
}

function quoted(text: string): string {
  return JSON.stringify(text);
}

function lines(...all: readonly (string | null)[]): string {
  return all.filter((line) => line !== null).join("\n");
}
