/** Originals of a run in place, laid out as a preview needs them. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pruneStaged } from "../../../src/extension/review/prune-staged.ts";
import { stageOriginals } from "../../../src/extension/review/stage-originals.ts";

test("originals stand at the paths of the dataset, with their photo, also a second time, for a month", async () => {
  const folder = await mkdtemp(join(tmpdir(), "samrefiner-stage-"));
  try {
    const root = join(folder, "data");
    await mkdir(join(root, "masks"), { recursive: true });
    await mkdir(join(root, "images"));
    await writeFile(join(root, "images", "p.jpg"), "photo");
    await writeFile(join(root, "masks", "p.png"), "refined");
    await writeFile(join(folder, "abc"), "coarse");
    const view = { root, journal: join(root, "samrefiner-run.jsonl") };
    const photo = {
      key: "images/p.jpg",
      photo: join(root, "images", "p.jpg"),
      files: [join(root, "masks", "p.png")],
      originals: [join(folder, "abc")],
    };
    for (let i = 0; i < 2; i++) {
      const [staged] = await stageOriginals(view, photo, join(folder, "store"));
      expect(staged).toMatch(/store\/[0-9a-f]{16}\/masks\/p\.png$/);
      expect(await readFile(staged!, "utf8")).toBe("coarse");
      expect(await readFile(staged!.replace("masks/p.png", "images/p.jpg"), "utf8")).toBe("photo");
    }
    expect(await readFile(photo.files[0]!, "utf8")).toBe("refined");
    const day = 24 * 60 * 60 * 1000;
    await pruneStaged(join(folder, "store"), Date.now() + 20 * day);
    expect(await readdir(join(folder, "store"))).toHaveLength(1);
    await pruneStaged(join(folder, "store"), Date.now() + 40 * day);
    expect(await readdir(join(folder, "store"))).toEqual([]);
    await pruneStaged(join(folder, "no store"), Date.now());
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
