import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkOutput, OutputError, type SaveOptions, saveFile } from "../../src/sdk/mod.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "samrefiner-output-"));
  await writeFile(join(folder, "old.png"), "old");
  await mkdir(join(folder, "sub"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** What the check and the real writing say, which must be the same. */
async function outcome(name: string, options: SaveOptions = {}): Promise<string> {
  const path = join(folder, name);
  const tries = [() => checkOutput(path, options), () => saveFile(path, Uint8Array.of(1), options)];
  const messages: string[] = [];
  for (const step of tries) {
    const error = await step().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    if (error !== undefined) expect(error).toBeInstanceOf(OutputError);
    messages.push((error as Error | undefined)?.message.replaceAll(folder, "~") ?? "fine");
  }
  expect(messages[0]).toBe(messages[1]);
  return messages[0]!;
}

describe("checkOutput", () => {
  it.each<[name: string, options: SaveOptions, message: string]>([
    ["new.png", {}, "fine"],
    ["old.png", {}, "~/old.png cannot be written: it exists and overwriting is off"],
    ["old.png", { overwrite: true }, "fine"],
    ["sub", { overwrite: true }, "~/sub cannot be written: it is a folder"],
    ["none/new.png", {}, "~/none/new.png cannot be written: folder ~/none does not exist"],
    ["none/deep/new.png", { makeFolder: true }, "fine"],
    ["old.png/new.png", {}, "~/old.png/new.png cannot be written: ~/old.png is not a folder"],
  ])("%s %j: %s", async (name, options, message) => {
    expect(await outcome(name, options)).toBe(message);
  });

  it("leaves nothing behind", async () => {
    await checkOutput(join(folder, "new.png"));
    await checkOutput(join(folder, "a", "b", "new.png"), { makeFolder: true });
    expect((await readdir(folder)).sort()).toEqual(["old.png", "sub"]);
  });
});
