#!/usr/bin/env node
// A container's entry: `parallax serve` with the given flags, its three ports opened at the container's own addresses. Every call of the
// interface needs the token, since the containers beside this one reach it too.
import { forward, outerAddresses } from "./forward.js";

const PORTS = [9280, 9281, 9999];

for (const address of outerAddresses()) for (const port of PORTS) await forward(address, port);
process.argv.splice(2, 0, "serve", "--no-open", "--auth-required", "--data", "/data");
await import("./parallax.js");
