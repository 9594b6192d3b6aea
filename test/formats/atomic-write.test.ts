import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { OutputError } from "../../src/core/errors.ts";
import { writeFileAtomic } from "../../src/formats/atomic-write.ts";
import { outputError } from "../../src/formats/output-error.ts";

// Replaceable `link`, so that file systems without hard links can be played.
const linked = vi.hoisted(() => ({ refuse: false }));
vi.mock("node:fs/promises", async (original) => {
  const real = await original<typeof import("node:fs/promises")>();
  const link: typeof real.link = (from, to) =>
    linked.refuse
      ? Promise.reject(Object.assign(new Error("no links"), { code: "EPERM" }))
      : real.link(from, to);
  return { ...real, link };
});

let folder: string;
beforeEach(async () => {
  linked.refuse = false;
  folder = await mkdtemp(join(tmpdir(), "samrefiner-test-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const content = Uint8Array.of(1, 2, 3);

async function refusal(path: string, overwrite = false): Promise<string> {
  const error = await writeFileAtomic(path, content, { overwrite }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OutputError);
  return (error as Error).message;
}

describe("writeFileAtomic", () => {
  it.each([false, true])("writes a new file and nothing else (overwrite: %s)", async (overwrite) => {
    await writeFileAtomic(join(folder, "a.png"), content, { overwrite });
    expect(new Uint8Array(await readFile(join(folder, "a.png")))).toEqual(content);
    expect(await readdir(folder)).toEqual(["a.png"]);
  });

  it.each([false, true])("leaves an existing file alone (without hard links: %s)", async (refuse) => {
    linked.refuse = refuse;
    const path = join(folder, "a.png");
    await writeFile(path, "old");
    expect(await refusal(path)).toBe(`${path} cannot be written: it exists and overwriting is off`);
    expect(await readFile(path, "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["a.png"]);
  });

  it.each([false, true])("lets only one of many writers win (without hard links: %s)", async (refuse) => {
    linked.refuse = refuse;
    const path = join(folder, "a.png");
    const writes = Array.from({ length: 12 }, (_, i) =>
      writeFileAtomic(path, Uint8Array.of(i), { overwrite: false }),
    );
    const outcomes = await Promise.allSettled(writes);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const winner = outcomes.findIndex(({ status }) => status === "fulfilled");
    expect(Array.from(await readFile(path))).toEqual([winner]);
    expect(await readdir(folder)).toEqual(["a.png"]);
  });

  it("replaces an existing file and keeps its permissions", async () => {
    const path = join(folder, "a.png");
    await writeFile(path, "old");
    await chmod(path, 0o640);
    await writeFileAtomic(path, content, { overwrite: true });
    expect(new Uint8Array(await readFile(path))).toEqual(content);
    expect((await stat(path)).mode & 0o777).toBe(0o640);
    expect(await readdir(folder)).toEqual(["a.png"]);
  });

  it("replaces what a symbolic link points to", async () => {
    await mkdir(join(folder, "real"));
    await writeFile(join(folder, "real", "a.png"), "old");
    await symlink(join("real", "a.png"), join(folder, "link.png"));
    await writeFileAtomic(join(folder, "link.png"), content, { overwrite: true });
    expect(new Uint8Array(await readFile(join(folder, "real", "a.png")))).toEqual(content);
  });

  it.each([false, true])(
    "refuses a folder, a missing folder and a file as folder (overwrite: %s)",
    async (overwrite) => {
      await mkdir(join(folder, "sub"));
      await writeFile(join(folder, "file"), "");
      expect(await refusal(join(folder, "sub"), overwrite)).toMatch(/sub cannot be written: it is a folder$/);
      expect(await refusal(join(folder, "none", "a.png"), overwrite)).toMatch(/none does not exist$/);
      expect(await refusal(join(folder, "file", "a.png"), overwrite)).toMatch(/file is not a folder$/);
      expect(await refusal(join(folder, "a".repeat(300)), overwrite)).toMatch(/its name is too long$/);
      expect(await readdir(folder)).toEqual(["file", "sub"]);
    },
  );

  it.runIf(process.platform === "linux")("refuses a folder that takes no files", async () => {
    // The kernel's own folder: not even root may create files in it.
    expect(await refusal("/proc/samrefiner.png")).toMatch(/^\/proc\/samrefiner.png cannot be written: /);
  });

  it("leaves nothing behind when the process exits meanwhile", async () => {
    const write = writeFileAtomic(join(folder, "a.png"), content, { overwrite: false });
    await vi.waitFor(async () => expect(await readdir(folder)).toHaveLength(1), { interval: 0 });
    for (const listener of process.listeners("exit")) {
      if (listener.name.includes("removeUnfinished")) listener(0);
    }
    expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    await write.catch(() => undefined);
    expect(process.listeners("exit").map(({ name }) => name)).not.toContain("removeUnfinished");
  });

  it("says that the disk is full and leaves nothing behind", async (context) => {
    const disk = join(folder, "disk");
    await mkdir(disk);
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", disk], { stdio: "ignore" });
    } catch {
      console.log("skipped: no permission to mount a small disk");
      return context.skip();
    }
    try {
      const write = writeFileAtomic(join(disk, "a.png"), new Uint8Array(100_000), { overwrite: false });
      await expect(write).rejects.toThrow("no space left on its disk, or quota used up");
      expect(await readdir(disk)).toEqual([]);
    } finally {
      execFileSync("umount", [disk]);
    }
  });
});

describe("outputError", () => {
  it.each([
    ["EACCES", "no permission to write into /data"],
    ["EPERM", "no permission to write into /data"],
    ["EROFS", "/data is on a read-only disk"],
    ["ENOSPC", "no space left on its disk, or quota used up"],
    ["EDQUOT", "no space left on its disk, or quota used up"],
    ["EIO", "i/o error"],
  ])("puts %s into words", (code, why) => {
    const cause = Object.assign(new Error("i/o error"), { code });
    const error = outputError("/data/a.png", cause);
    expect(error.message).toBe(`/data/a.png cannot be written: ${why}`);
    expect(error.cause).toBe(cause);
  });
});
