import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hashOf } from "../../../src/dataset/run/content.ts";
import { historyPath, noteReplacement } from "../../../src/dataset/session/history.ts";
import { restoreOriginal } from "../../../src/dataset/session/restore-original.ts";

let home = "";
let history = "";
let path = "";
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "samrefiner-history-"));
  history = join(home, "history");
  path = join(home, "a.png");
  writeFileSync(path, "one");
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** Replaces a file as saving in place does. */
async function replace(bytes: string, file = path, follows?: string): Promise<void> {
  await noteReplacement(history, readFileSync(file), {
    path: await historyPath(file),
    written: hashOf(Buffer.from(bytes)),
    ...(follows === undefined ? {} : { follows: await historyPath(follows) }),
  });
  writeFileSync(file, bytes);
}

const held = (file = path): string => readFileSync(file, "utf8");

describe("restoreOriginal", () => {
  it("has nothing to say about a file that was never saved", async () => {
    expect(await restoreOriginal(path, { history })).toEqual({
      restored: false,
      message: `${path} was never saved in place.`,
    });
    expect(existsSync(history)).toBe(false);
  });

  it("brings back what was there before the first of several saves, once", async () => {
    await replace("two");
    await replace("three");
    expect(await restoreOriginal(path, { history })).toEqual({
      restored: true,
      message: "a.png is as it was before it was refined.",
    });
    expect(held()).toBe("one");
    expect((await restoreOriginal(path, { history })).restored).toBe(false);
    expect(held()).toBe("one");
  });

  it("starts anew after each restoration", async () => {
    await replace("two");
    await restoreOriginal(path, { history });
    writeFileSync(path, "mine");
    await replace("four");
    await restoreOriginal(path, { history });
    expect(held()).toBe("mine");
  });

  it("refuses a file that was changed since, unless forced, and loses nothing then", async () => {
    await replace("two");
    writeFileSync(path, "edited");
    const refused = await restoreOriginal(path, { history });
    expect(refused).toMatchObject({
      restored: false,
      message: expect.stringMatching(/was changed since it was saved/),
    });
    expect(held()).toBe("edited");
    expect((await restoreOriginal(path, { history, force: true })).restored).toBe(true);
    expect(held()).toBe("one");
    expect(readFileSync(join(history, "originals", hashOf(Buffer.from("edited"))), "utf8")).toBe("edited");
  });

  it("brings a deleted file back, and knows a file through a link to its folder", async () => {
    await replace("two");
    rmSync(path);
    symlinkSync(home, `${home}-link`);
    expect((await restoreOriginal(join(`${home}-link`, "a.png"), { history })).restored).toBe(true);
    rmSync(`${home}-link`);
    expect(held()).toBe("one");
  });

  it("brings files back with the one they follow, all or none", async () => {
    const other = join(home, "b.png");
    writeFileSync(other, "b one");
    await replace("two");
    await replace("b two", other, path);
    writeFileSync(other, "b edited");
    expect(await restoreOriginal(path, { history })).toMatchObject({
      restored: false,
      message: expect.stringContaining("b.png was changed"),
    });
    expect([held(), held(other)]).toEqual(["two", "b edited"]);
    writeFileSync(other, "b two");
    expect((await restoreOriginal(path, { history })).restored).toBe(true);
    expect([held(), held(other)]).toEqual(["one", "b one"]);
  });

  it("brings back a follower of the same name in a folder beside, and none from anywhere else", async () => {
    const mask = join(home, "objects", "a.png");
    const beside = join(home, "classes", "a.png");
    const elsewhere = [join(home, "classes", "b.png"), join(home, "a.png"), join(home, "x", "y", "a.png")];
    for (const file of [mask, beside, ...elsewhere]) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, "one");
      await replace("two", file, file === mask ? undefined : mask);
    }
    // A file that is not there would be made.
    rmSync(elsewhere[0]!);
    expect((await restoreOriginal(mask, { history })).restored).toBe(true);
    expect([held(mask), held(beside)]).toEqual(["one", "one"]);
    expect(existsSync(elsewhere[0]!)).toBe(false);
    expect(elsewhere.slice(1).map(held)).toEqual(["two", "two"]);
  });

  it("passes over half a line that a crash has left, and goes on after it", async () => {
    await replace("two");
    appendFileSync(join(history, "history.jsonl"), '{"type":"in-pl');
    await replace("three");
    expect((await restoreOriginal(path, { history })).restored).toBe(true);
    expect(held()).toBe("one");
  });

  it("says so when the stored original is damaged or gone, and leaves the file", async () => {
    await replace("two");
    const stored = join(history, "originals", hashOf(Buffer.from("one")));
    writeFileSync(stored, "not it");
    await expect(restoreOriginal(path, { history })).rejects.toThrow(`${stored} is damaged`);
    rmSync(stored);
    await expect(restoreOriginal(path, { history })).rejects.toThrow(/expected the stored original/);
    expect(held()).toBe("two");
  });
});
