import { mkdir, symlink } from "node:fs/promises";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { Folders } from "../../../src/dataset/plan/folders.ts";
import { walkFiles } from "../../../src/dataset/plan/walk-files.ts";
import { useTree } from "./tree.ts";

const tree = useTree();

async function walked(root: string, folders = new Folders()): Promise<{ files: string[]; errors: string[] }> {
  const [files, errors]: [string[], string[]] = [[], []];
  const onUnreadable = (_: string, { message }: InputError) =>
    errors.push(message.replaceAll(tree.root, "~"));
  for await (const path of walkFiles(root, folders, { onUnreadable }))
    files.push(path.replace(tree.root, "~"));
  return { files, errors };
}

/** A file system that refuses one folder; root may read everything, so permissions cannot be tested with it. */
class Refusing extends Folders {
  override read(folder: string): ReturnType<Folders["read"]> {
    const refusal = Object.assign(new Error("EACCES"), { code: "EACCES" });
    return basename(folder) === "secret" ? Promise.reject(refusal) : super.read(folder);
  }
}

describe("walkFiles", () => {
  it("goes folder by folder in the order of people", async () => {
    await tree.touch("b/10.jpg", "b/9.jpg", "a/x.jpg", "z.jpg", "a/a/y.jpg");
    expect((await walked(tree.root)).files).toEqual([
      "~/z.jpg",
      "~/a/x.jpg",
      "~/a/a/y.jpg",
      "~/b/9.jpg",
      "~/b/10.jpg",
    ]);
  });

  it("prefers a folder's own place to links that lead to it", async () => {
    await tree.touch("z/x.jpg");
    await mkdir(tree.path("a"));
    await symlink(tree.path("z"), tree.path("a/link"));
    await symlink(tree.path("a"), tree.path("z/back"));
    expect((await walked(tree.root)).files).toEqual(["~/z/x.jpg"]);
  });

  it("leaves out results of earlier runs and stored originals, not what was refined in place", async () => {
    const header = (out: string | null) =>
      `${JSON.stringify({ type: "header", version: 1, root: "/x", out })}\n{`;
    await tree.add({
      "out/samrefiner-run.jsonl": header("/x/out"),
      "out/masks/a.png": "x",
      "set/samrefiner-run.jsonl": header(null),
      "set/samrefiner-run.jsonl.originals/0123.png": "x",
      "set/masks/b.png": "x",
      "odd/samrefiner-run.jsonl": "no journal",
      "odd/c.png": "x",
    });
    const { files } = await walked(tree.root);
    expect(files.filter((path) => path.endsWith("png"))).toEqual(["~/odd/c.png", "~/set/masks/b.png"]);
    expect((await walked(tree.path("out"))).files).toHaveLength(2);
  });

  it("goes on where a folder cannot be read, and says so", async () => {
    await tree.touch("secret/x.jpg", "open/y.jpg");
    expect(await walked(tree.root, new Refusing())).toEqual({
      files: ["~/open/y.jpg"],
      errors: ["~/secret cannot be read (permission denied): expected a folder"],
    });
    await expect(walked(tree.path("secret"), new Refusing())).rejects.toThrow(InputError);
    await expect(walked(tree.path("none"))).rejects.toThrow("no such folder");
  });
});
