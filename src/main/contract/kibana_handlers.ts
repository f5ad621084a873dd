// The contract's state of Kibana's connection.
import { join } from "node:path";
import type { KibanaState } from "../../shared/kibana.ts";
import type { Engine } from "../engine.ts";
import { CERTIFICATE_FILE } from "../proxy/intercept/authority.ts";

export function kibanaState({ kibana, options }: Engine): KibanaState {
  const { clientTls } = options;
  return {
    ...kibana.seen,
    tls: clientTls?.kind ?? "off",
    authorityFile: clientTls?.kind === "own" ? join(clientTls.folder, CERTIFICATE_FILE) : null,
  };
}
