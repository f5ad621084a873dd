// The window's entry: chooses the transport, mounts the app.
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { bridgeTransport } from "./api/bridge_transport.ts";
import { TransportProvider } from "./api/hooks.ts";
import { httpTransport } from "./api/http_transport.ts";
import { App } from "./app.tsx";
import { followContrast } from "./theme/contrast.ts";
import { cssVariables, theme } from "./theme/theme.ts";
import "@mantine/core/styles.layer.css";
import "./theme/tokens.css";
import "./theme/base.css";
import "./theme/frame.css";
import "./theme/pieces.css";
import "./theme/code.css";

const transport = window.parallax === undefined ? httpTransport() : bridgeTransport(window.parallax);
const client = new QueryClient({ defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false }, mutations: { retry: false } } });
const root = document.getElementById("root");
if (root === null) throw new Error("The page has no #root.");
followContrast();
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={client}>
        <TransportProvider value={transport}>
          <App />
        </TransportProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
