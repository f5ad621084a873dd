import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { openSession } from "../../../src/main/capture/index.ts";
import { choicesOfText } from "../../../src/main/share/choices.ts";
import { sharePreview } from "../../../src/main/share/preview.ts";
import { Shares } from "../../../src/main/share/shares.ts";
import { writeShared } from "../../../src/main/share/write_shared.ts";
import type { ShareState } from "../../../src/shared/share.ts";
import { exchange, folder, session } from "../capture/records.ts";
import { CHOICES, plantedExchanges } from "./planted.ts";

describe("the choices of a line", () => {
  test("are read, and what is not known is refused", () => {
    assert.deepEqual(choicesOfText("fields=email, user.name;secrets=email;hosts"), {
      ok: true,
      choices: { fields: ["email", "user.name"], secrets: ["email"], hosts: true },
    });
    for (const wrong of ["field=email", "secrets=emails", "hosts=yes", "bodies=all", "fields"])
      assert.equal(choicesOfText(wrong).ok, false, wrong);
  });
});

describe("a file that is made", () => {
  async function ended(shares: Shares): Promise<ShareState> {
    while (shares.state.state === "writing") await new Promise((resolve) => setImmediate(resolve));
    return shares.state;
  }

  test("is stopped in the middle, and nothing of it stays", async (context) => {
    const at = folder(context);
    const source = session(context);
    for (let id = 1; id <= 200; id += 1) source.put(exchange(id), { request: Buffer.from("{}") });
    const ids = Array.from({ length: 200 }, (_, i) => i + 1);
    const shares = new Shares(at);
    const file = join(at, "out.har");
    shares.start({
      format: "har",
      total: ids.length,
      file,
      write: (to, each, signal) => {
        const stopping = (done: number): void => {
          each(done);
          if (done === 20) shares.stop();
        };
        return writeShared({ source, ids, format: "har", redact: {}, file: to, each: stopping, signal, page: at, version: "1", title: "" });
      },
    });
    assert.equal((await ended(shares)).state, "stopped");
    await shares.close();
    assert.deepEqual(readdirSync(at), []);
  });

  test("tells why it failed, and takes the place of none that was there", async (context) => {
    const at = folder(context);
    const source = session(context);
    source.put(exchange(1), {});
    const file = join(at, "out.html");
    writeFileSync(file, "before");
    const shares = new Shares(at);
    shares.start({
      format: "html",
      total: 1,
      file,
      write: (to, each, signal) =>
        writeShared({
          source,
          ids: [1],
          format: "html",
          redact: {},
          file: to,
          each,
          signal,
          page: join(at, "no"),
          version: "1",
          title: "",
        }),
    });
    const { state, problem } = await ended(shares);
    assert.equal(state, "failed");
    assert.match(problem, /is not built/);
    assert.equal(readFileSync(file, "utf8"), "before");
  });

  test("says in words where it can't be written, and leaves nothing beside it", async (context) => {
    const at = folder(context);
    const source = session(context);
    source.put(exchange(1), { request: Buffer.from("{}") });
    mkdirSync(join(at, "taken.har"));
    const writing = (file: string) =>
      writeShared({ source, ids: [1], format: "har", redact: {}, file, each: () => undefined, page: at, version: "1", title: "" });
    await assert.rejects(writing(join(at, "no", "out.har")), /there is no such folder. Choose another place/);
    await assert.rejects(writing(join(at, "taken.har")), /a folder has this name. Choose another place/);
    assert.deepEqual(readdirSync(at), ["taken.har"]);
  });

  test("lies in the data folder until the next is made", async (context) => {
    const at = folder(context);
    const shares = new Shares(at);
    const make = async (format: "har" | "session"): Promise<string> => {
      shares.start({
        format,
        total: 1,
        write: async (to) => {
          writeFileSync(to, format);
          return { bytes: 3 };
        },
      });
      return (await ended(shares)).file;
    };
    const first = await make("har");
    assert.equal(readFileSync(first, "utf8"), "har");
    const second = await make("session");
    assert.equal(existsSync(first), false);
    assert.equal(readFileSync(second, "utf8"), "session");
    await shares.close();
    assert.equal(existsSync(second), false);
  });
});

describe("the preview", () => {
  test("counts what goes, warns of what looks like a secret, and shows an exchange before and after", async (context) => {
    const source = openSession(join(folder(context), "s.parallax"));
    context.after(() => source.close());
    for (const { detail, bodies } of plantedExchanges()) source.put(detail, bodies);
    const plain = await sharePreview(source, [1, 2, 3, 4, 5], {}, undefined);
    assert.equal(plain.exchanges, 5);
    assert.deepEqual(
      plain.warnings.map(({ kind }) => kind),
      ["password", "api_key", "token", "email", "base64"],
    );
    assert.ok(plain.already.some(({ name }) => name === "authorization"));
    assert.ok(plain.fields.some(({ name }) => name === "user.name"));
    const chosen = await sharePreview(source, [1, 2, 3, 4, 5], CHOICES, 1);
    assert.deepEqual(chosen.warnings, []);
    for (const name of ["field email", "field user.name", "header x-tenant", "parameter session", "addresses", "hosts", "secret email"])
      assert.ok((chosen.chosen.find((one) => one.name === name)?.places ?? 0) > 0, name);
    assert.equal(chosen.example?.id, 1);
    const request = chosen.example?.texts.find(({ name }) => name === "request");
    assert.ok(request?.pieces.some(({ redacted }) => redacted === '"[redacted]"'));
    assert.equal(
      request?.pieces.map(({ text }) => text).join(""),
      source.body(1, "request").text,
      "what is struck out and what stays are the whole text",
    );
  });
});
