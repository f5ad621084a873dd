// The entry of a shared file: what it holds, without a server.
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { TransportProvider } from "../api/hooks.ts";
import { SharedFileProvider } from "../api/shared_file.ts";
import { printRoute } from "../route.ts";
import { cssVariables, theme } from "../theme/theme.ts";
import { readHeld } from "./held.ts";
import { heldTransport } from "./held_transport.ts";
import { SharedApp } from "./shared_app.tsx";
import "@mantine/core/styles.layer.css";
import "../theme/tokens.css";
import "../theme/base.css";
import "../theme/frame.css";
import "../theme/pieces.css";
import "../theme/code.css";

const held = readHeld(document);
const client = new QueryClient({ defaultOptions: { queries: { retry: false, refetchOnWindowFocus: false } } });
const root = document.getElementById("root");
if (root === null) throw new Error("The page has no #root.");
document.title = held.about.title;
if (location.hash === "") history.replaceState(null, "", printRoute({ page: held.about.start }));
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={client}>
        <TransportProvider value={heldTransport(held)}>
          <SharedFileProvider value={true}>
            <SharedApp held={held} />
          </SharedFileProvider>
        </TransportProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
