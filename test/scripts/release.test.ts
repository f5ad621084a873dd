// The workflows and the container's files: that they can be read, and name only what there is.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "yaml";
import { PROJECT } from "../../scripts/packaging/config.ts";
import { OPTIONS } from "../../src/main/config/option_table.ts";

const text = (file: string): string => readFileSync(join(PROJECT, file), "utf8");
const SCRIPTS: readonly string[] = Object.keys(JSON.parse(text("package.json")).scripts);
const PORTS = ["9280", "9281", "9999"];

interface Step {
  readonly run?: string;
  readonly uses?: string;
}
interface Job {
  readonly "runs-on": string;
  readonly "timeout-minutes": number;
  readonly needs?: string;
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

for (const name of ["ci", "release"]) {
  const file = `.github/workflows/${name}.yml`;

  test(`${file} is a workflow of bounded jobs with steps that can run`, () => {
    const { permissions, jobs }: Workflow = parse(text(file));
    assert.deepEqual(permissions, { contents: "read" });
    for (const [id, job] of Object.entries(jobs)) {
      assert.ok(job["runs-on"] !== "" && job["timeout-minutes"] > 0, id);
      assert.ok(job.needs === undefined || Object.hasOwn(jobs, job.needs), id);
      for (const { run, uses } of job.steps) {
        assert.ok((run === undefined) !== (uses === undefined), id);
        for (const [, script = ""] of run?.matchAll(/npm run (\S+)/g) ?? []) assert.ok(SCRIPTS.includes(script), script);
        for (const [, path = ""] of run?.matchAll(/bash (\.\S+)/g) ?? []) assert.ok(existsSync(join(PROJECT, path)), path);
      }
    }
  });
}

test("a release publishes what no checkout can: without private, and for Node 24", () => {
  const { jobs }: Workflow = parse(text(".github/workflows/release.yml"));
  const commands = (jobs.npm?.steps ?? []).map(({ run }) => run ?? "").join("\n");
  assert.match(commands, /npm pkg delete private/);
  assert.match(commands, /engines\.node='>=24'/);
  assert.match(commands, /npm publish --provenance/);
  assert.equal(JSON.parse(text("package.json")).private, true);
});

test("every path that the Dockerfile copies or runs is there, and gets past .dockerignore", () => {
  const dockerfile = text("Dockerfile");
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+)$/gm)].flatMap(([, paths = ""]) => paths.split(" ").slice(0, -1));
  const run = [...dockerfile.matchAll(/"?node"?,? "?((?:scripts|bin)\/\w+\.[jt]s)/g)].map(([, path = ""]) => path);
  assert.ok(run.includes("bin/container.js") && run.includes("bin/healthy.js") && run.includes("scripts/build.ts"));
  const admitted = text(".dockerignore")
    .split("\n")
    .filter((line) => line.startsWith("!"));
  for (const path of copied) assert.ok(admitted.includes(`!${path}`), path);
  for (const path of [...copied, ...run]) assert.ok(existsSync(join(PROJECT, path)), path);
});

test("the image runs as no root, checks its health and keeps its data in a volume", () => {
  const dockerfile = text("Dockerfile");
  assert.match(dockerfile, /^USER node$[\s\S]*^VOLUME \/data$[\s\S]*^HEALTHCHECK /m);
  assert.deepEqual(/^EXPOSE (.+)$/m.exec(dockerfile)?.[1]?.split(" "), PORTS);
});

test("compose.yaml opens every port on 127.0.0.1 alone, and gives flags that there are", () => {
  interface Service {
    readonly image?: string;
    readonly command?: readonly string[];
    readonly ports?: readonly string[];
    readonly environment?: Readonly<Record<string, string>>;
    readonly volumes?: readonly string[];
    readonly depends_on?: Readonly<Record<string, unknown>>;
  }
  const { services, volumes }: { services: Record<string, Service>; volumes: Record<string, unknown> } = parse(text("compose.yaml"));
  for (const [name, service] of Object.entries(services)) {
    for (const port of service.ports ?? []) assert.match(port, /^127\.0\.0\.1:(\d+):\1$/, name);
    for (const volume of service.volumes ?? []) assert.ok(Object.hasOwn(volumes, volume.split(":")[0] ?? ""), volume);
    for (const other of Object.keys(service.depends_on ?? {})) assert.ok(Object.hasOwn(services, other), other);
  }
  const { parallax, kibana, elasticsearch } = services;
  assert.deepEqual(
    parallax?.ports?.map((port) => port.split(":")[2]),
    PORTS.toSorted(),
  );
  const flags = (parallax?.command ?? []).filter((word) => word.startsWith("--")).map((word) => word.slice(2));
  for (const flag of flags)
    assert.ok(
      OPTIONS.some((option) => option.flag === flag),
      flag,
    );
  assert.deepEqual(JSON.parse(kibana?.environment?.ELASTICSEARCH_HOSTS ?? "[]"), ["http://parallax:9280"]);
  assert.ok(parallax?.command?.includes("parallax"), "Kibana's name for the endpoint is let in");
  // Kibana starts with an Elasticsearch of its own version alone.
  assert.equal(kibana?.image?.split(":")[1], elasticsearch?.image?.split(":")[1]);
});
