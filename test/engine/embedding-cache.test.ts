import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { EmbeddingCache, type EmbeddingKey } from "../../src/engine/embedding-cache.ts";

const VALUES = 256 * 64 * 64;
/** Checksum and values. */
const ENTRY_BYTES = 32 + VALUES * 4;

let root: string;
let folder: string;
let count = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "embedding-cache-"));
});
beforeEach(() => {
  folder = join(root, `cache${count++}`);
});
afterAll(() => rm(root, { recursive: true, force: true }));

function key(change: Partial<EmbeddingKey> = {}): EmbeddingKey {
  return { photo: "aa", preprocessing: "v1", model: "bb", device: "cpu", ...change };
}

function embedding(first: number): Float32Array {
  return Float32Array.from({ length: VALUES }, (_, i) => first + i / VALUES);
}

/** Ages a file by some seconds. */
async function age(path: string, seconds: number): Promise<void> {
  const then = new Date(Date.now() - seconds * 1000);
  await utimes(path, then, then);
}

async function entryOf(cache: EmbeddingCache, of: EmbeddingKey, values: Float32Array): Promise<string> {
  const before = new Set(await readdir(folder).catch(() => []));
  await cache.put(of, values);
  const [name] = (await readdir(folder)).filter((one) => !before.has(one));
  return join(folder, name!);
}

describe("entries", () => {
  it("come back with every value", async () => {
    const cache = new EmbeddingCache(folder);
    expect(await cache.get(key())).toBeUndefined();
    const values = embedding(-3);
    values.set([Number.NaN, -0, Number.POSITIVE_INFINITY, 1e-40]);
    await cache.put(key(), values);
    const found = await cache.get(key());
    expect(Buffer.from(found!.buffer).equals(Buffer.from(values.buffer))).toBe(true);
    expect(await readdir(folder)).toHaveLength(1);
  });

  it("take values from shared memory and from the middle of a buffer", async () => {
    const cache = new EmbeddingCache(folder);
    const shared = new Float32Array(new SharedArrayBuffer((VALUES + 8) * 4), 16, VALUES);
    shared.set(embedding(5));
    await cache.put(key(), shared);
    const found = await cache.get(key());
    expect(Buffer.from(found!.buffer).equals(Buffer.from(embedding(5).buffer))).toBe(true);
  });

  it("are found by another cache object on the same folder", async () => {
    await new EmbeddingCache(folder).put(key(), embedding(1));
    expect((await new EmbeddingCache(folder).get(key()))?.[0]).toBe(1);
  });

  it.each(["photo", "preprocessing", "model", "device"] as const)("depend on the key's %s", async (part) => {
    const cache = new EmbeddingCache(folder);
    await cache.put(key(), embedding(1));
    await cache.put(key({ [part]: "other" }), embedding(2));
    expect((await cache.get(key()))?.[0]).toBe(1);
    expect((await cache.get(key({ [part]: "other" })))?.[0]).toBe(2);
    expect(await cache.get(key({ [part]: "third" }))).toBeUndefined();
  });

  it("do not run the key's parts together", async () => {
    const cache = new EmbeddingCache(folder);
    await cache.put(key({ photo: "ab", preprocessing: "c" }), embedding(1));
    expect(await cache.get(key({ photo: "a", preprocessing: "bc" }))).toBeUndefined();
  });

  it("are replaced by a later put of the same key", async () => {
    const cache = new EmbeddingCache(folder);
    await cache.put(key(), embedding(1));
    await cache.put(key(), embedding(2));
    expect((await cache.get(key()))?.[0]).toBe(2);
    expect(await readdir(folder)).toHaveLength(1);
  });
});

describe("damaged entries are dropped", () => {
  async function flip(path: string, at: number): Promise<void> {
    const bytes = await readFile(path);
    bytes[at] = bytes[at]! ^ 1;
    await writeFile(path, bytes);
  }

  it.each<[string, (path: string) => Promise<void>]>([
    ["a flipped bit in the values", (path) => flip(path, 2_000_000)],
    ["a flipped bit in the last value", (path) => flip(path, ENTRY_BYTES - 1)],
    ["a flipped bit in the checksum", (path) => flip(path, 3)],
    ["a file cut short", (path) => truncate(path, ENTRY_BYTES - 4)],
    ["a file cut inside the checksum", (path) => truncate(path, 10)],
    ["an empty file", (path) => truncate(path, 0)],
    ["bytes at the end", (path) => writeFile(path, "more", { flag: "a" })],
  ])("%s", async (_, damage) => {
    const cache = new EmbeddingCache(folder);
    const path = await entryOf(cache, key(), embedding(1));
    await damage(path);
    expect(await cache.get(key())).toBeUndefined();
    expect(await readdir(folder)).toEqual([]);
    await cache.put(key(), embedding(1));
    expect((await cache.get(key()))?.[0]).toBe(1);
  });
});

describe("the size limit", () => {
  it("removes what was used longest ago", async () => {
    const cache = new EmbeddingCache(folder, 3 * ENTRY_BYTES);
    const keys = ["a", "b", "c", "d"].map((photo) => key({ photo }));
    for (const [i, one] of keys.slice(0, 3).entries()) {
      await age(await entryOf(cache, one, embedding(i)), 300 - 100 * i);
    }
    // "a" is the oldest entry, but was just read: "b" has to go.
    expect(await cache.get(keys[0]!)).toBeDefined();
    await cache.put(keys[3]!, embedding(3));
    const found = await Promise.all(keys.map((one) => cache.get(one)));
    expect(found.map((values) => values?.[0])).toEqual([0, undefined, 2, 3]);
  });

  it("counts bytes: one byte less than three entries holds two", async () => {
    const cache = new EmbeddingCache(folder, 3 * ENTRY_BYTES - 1);
    for (const photo of ["a", "b", "c"]) {
      await age(await entryOf(cache, key({ photo }), embedding(0)), 10);
    }
    expect(await readdir(folder)).toHaveLength(2);
    expect(await cache.get(key({ photo: "c" }))).toBeDefined();
  });

  it("holds nothing where not even one entry fits, and harms nothing", async () => {
    const cache = new EmbeddingCache(folder, 100);
    await cache.put(key(), embedding(1));
    expect(await readdir(folder)).toEqual([]);
    expect(await cache.get(key())).toBeUndefined();
  });

  it("shrinks a folder that was filled under a larger limit", async () => {
    const large = new EmbeddingCache(folder);
    for (const [i, photo] of ["a", "b", "c", "d"].entries()) {
      await age(await entryOf(large, key({ photo }), embedding(i)), 100 - i);
    }
    await new EmbeddingCache(folder, 2 * ENTRY_BYTES).put(key({ photo: "e" }), embedding(4));
    const found = await Promise.all(["a", "b", "c", "d", "e"].map((photo) => large.get(key({ photo }))));
    expect(found.map((values) => values?.[0])).toEqual([undefined, undefined, undefined, 3, 4]);
  });
});

describe("the folder", () => {
  it("loses temporary files that no living writer can own, and keeps fresh ones", async () => {
    await mkdir(folder, { recursive: true });
    const [stray, fresh] = [join(folder, "dead.123.x.tmp"), join(folder, "alive.456.y.tmp")];
    await writeFile(stray, "half");
    await writeFile(fresh, "half");
    await age(stray, 11 * 60);
    await age(fresh, 9 * 60);
    await new EmbeddingCache(folder).put(key(), embedding(1));
    expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual(["alive.456.y.tmp"]);
  });

  it("keeps what another process is writing, however full it is", async () => {
    await mkdir(folder, { recursive: true });
    const writing = join(folder, "alive.456.y.tmp");
    await writeFile(writing, "half");
    await age(writing, 60);
    await new EmbeddingCache(folder, 10).put(key(), embedding(1));
    expect(await readdir(folder)).toEqual(["alive.456.y.tmp"]);
  });

  it("may hold other folders, which stay", async () => {
    await mkdir(join(folder, "inner"), { recursive: true });
    const cache = new EmbeddingCache(folder, ENTRY_BYTES);
    await cache.put(key(), embedding(1));
    expect((await stat(join(folder, "inner"))).isDirectory()).toBe(true);
    expect(await cache.get(key())).toBeDefined();
  });

  it("may be impossible to write: nothing is kept and nothing breaks", async () => {
    const file = join(root, "a-file");
    await writeFile(file, "in the way");
    const cache = new EmbeddingCache(join(file, "embeddings"));
    await expect(cache.put(key(), embedding(1))).resolves.toBeUndefined();
    await expect(cache.get(key())).resolves.toBeUndefined();
    expect(await readFile(file, "utf8")).toBe("in the way");
  });
});

describe("two processes on one folder", () => {
  const module = fileURLToPath(new URL("../../src/engine/embedding-cache.ts", import.meta.url));
  /** Puts and gets three keys in turn; every value of an entry is its writer's number, so a mixture shows. */
  const program = `
    import { EmbeddingCache } from ${JSON.stringify(module)};
    const [folder, limit, number, rounds] = process.argv.slice(2);
    const cache = new EmbeddingCache(folder, Number(limit));
    let hits = 0;
    let foreign = 0;
    let torn = 0;
    for (let round = 0; round < Number(rounds); round++) {
      const key = { photo: String(round % 3), preprocessing: "p", model: "m", device: "cpu" };
      await cache.put(key, new Float32Array(${VALUES}).fill(Number(number)));
      const found = await cache.get(key);
      if (found === undefined) continue;
      hits++;
      if (found[0] !== Number(number)) foreign++;
      if (found.some((value) => value !== found[0])) torn++;
    }
    process.send({ hits, foreign, torn });
  `;

  interface Tally {
    readonly hits: number;
    readonly foreign: number;
    readonly torn: number;
  }

  async function tally(child: ChildProcess): Promise<Tally> {
    let answer: Tally | undefined;
    child.on("message", (message) => {
      answer = message as Tally;
    });
    const [code] = (await once(child, "exit")) as [number | null];
    expect(code).toBe(0);
    return answer!;
  }

  it.each([
    ["with room for all", 10],
    ["while each evicts the other's entries", 2],
  ])("never see a torn entry, %s", async (_, entries) => {
    const outfile = join(root, "writer.mjs");
    await build({
      stdin: { contents: program, resolveDir: root, loader: "ts" },
      bundle: true,
      platform: "node",
      format: "esm",
      outfile,
      logLevel: "error",
    });
    const start = (number: number) =>
      tally(fork(outfile, [folder, String(entries * ENTRY_BYTES), String(number), "24"], { execArgv: [] }));
    const tallies = await Promise.all([start(1), start(2)]);
    for (const { hits, torn } of tallies) {
      expect(torn).toBe(0);
      expect(hits).toBeGreaterThan(entries === 10 ? 23 : 0);
    }
    const left = await readdir(folder);
    expect(left.filter((name) => name.endsWith(".tmp"))).toEqual([]);
    expect(left.length).toBeLessThanOrEqual(Math.min(3, entries));
    for (const name of left) expect((await stat(join(folder, name))).size).toBe(ENTRY_BYTES);
  });
});
