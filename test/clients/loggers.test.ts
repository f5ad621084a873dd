// What fills indices with logs from Node: two loggers' transports, and makelogs, whose events are made by chance.
import { join } from "node:path";
import { npmClient } from "../../scripts/clients/npm_client.ts";
import { testClient } from "./client_day.ts";

const node = (program: string) => (folder: string) => [process.execPath, join(import.meta.dirname, "work", program), folder] as const;

testClient({
  name: "pino-elasticsearch 9.0.0",
  recipe: () => npmClient("pino-elasticsearch-9.0.0", { "pino-elasticsearch": "9.0.0", pino: "10.4.0" }),
  command: node("pino.mjs"),
});

testClient({
  name: "winston-elasticsearch 0.19.0",
  recipe: () => npmClient("winston-elasticsearch-0.19.0", { "winston-elasticsearch": "0.19.0", winston: "3.17.0" }),
  command: node("winston.mjs"),
});

testClient({
  name: "makelogs 6.1.1",
  recipe: () => npmClient("makelogs-6.1.1", { "@elastic/makelogs": "6.1.1" }),
  command: node("makelogs.mjs"),
});
