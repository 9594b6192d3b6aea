/** Interactive sessions as scripts open them, on the bundled sample. */
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createRefiner,
  type Mask,
  maskIoU,
  type RefinementSession,
  type Refiner,
  readMask,
  restoreOriginal,
  type SaveTarget,
  type SessionOptions,
  type SessionProgress,
} from "../../src/sdk/mod.ts";

const sample = (name: string): string => resolve("examples/sample", name);
const WIDTH = 1000;

let home = "";
let refiner: Refiner;
let truth: Uint8Array | Uint16Array;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "samrefiner-session-"));
  refiner = await createRefiner({ cacheDir: join(home, "cache"), device: "cpu" });
  truth = (await readMask(sample("truth.png"))).data;
});
afterAll(async () => {
  await refiner.close();
  rmSync(home, { recursive: true, force: true });
});

/** The sample's photo and a copy of a mask in a folder of their own, named alike. */
function place(mask: string, folder: string): string {
  const root = join(home, folder);
  mkdirSync(root, { recursive: true });
  cpSync(sample("photo.jpg"), join(root, "photo.jpg"));
  cpSync(sample(mask), join(root, "photo_mask.png"));
  return join(root, "photo_mask.png");
}

function object(...labels: number[]): Mask {
  return { width: WIDTH, height: 750, data: Uint8Array.from(truth, (v) => (labels.includes(v) ? 1 : 0)) };
}

/** Comparing a million values one by one with `toEqual` takes a minute. */
const same = (a: Mask | undefined, b: Mask | undefined): boolean =>
  a !== undefined && b !== undefined && a.width === b.width && Buffer.compare(a.data, b.data) === 0;

const hash = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

async function open(
  mask: string,
  folder: string,
  options: SessionOptions = {},
): Promise<{ session: RefinementSession; path: string }> {
  const path = place(mask, folder);
  return { session: await refiner.open(path, { settings: { growth: "none" }, ...options }), path };
}

describe("opening", () => {
  it("refines as refine does, and tells the same", async () => {
    const stages: SessionProgress[] = [];
    const { session, path } = await open("labels_coarse.png", "labels", {
      onProgress: (p) => stages.push(p),
    });
    const whole = await refiner.refine(
      { image: sample("photo.jpg"), mask: path },
      { settings: { growth: "none" } },
    );
    expect(session).toMatchObject({ key: "photo.jpg", width: 1000, height: 750, device: "cpu" });
    expect(session.path).toBe(join(home, "labels", "photo.jpg"));
    expect(session.masks).toEqual([
      {
        ...{ path, format: "8-bit palette PNG", mode: "semantic", ignoreLabel: 255 },
        notes: [expect.stringMatching(/label 255 is the ignore label/)],
      },
    ]);
    expect(session.regions.map(({ name, label, colour }) => [name, label, colour])).toEqual([
      ["1", "1", "#800000"],
      ["2", "2", "#008000"],
      ["3", "3", "#808000"],
      ["4", "4", "#000080"],
    ]);
    const plain = (region: object) =>
      JSON.parse(
        JSON.stringify(region, [
          "verdict",
          "box",
          "area",
          "predictedIoU",
          "coarseContrast",
          "token",
          "chosen",
        ]),
      );
    expect(session.regions.map(plain)).toEqual(whole.regions.map(plain));
    expect(session.regions.map(({ iterations }) => iterations.length)).toEqual(
      whole.regions.map(({ iterations }) => iterations.length),
    );
    const values = whole.masks[0]!.map.data;
    for (const { label, refined } of session.regions)
      expect(refined.data.every((v, i) => v === (values[i] === Number(label) ? 1 : 0))).toBe(true);
    const coarse = (await readMask(path)).data;
    for (const { label, coarse: own } of session.regions)
      expect(own.data.every((v, i) => v === (coarse[i] === Number(label) ? 1 : 0))).toBe(true);
    expect(stages.map(({ stage }) => stage).filter((s, i, all) => s !== all[i - 1])).toEqual([
      "read",
      "encode",
      "refine",
    ]);
    expect(stages.at(-1)).toEqual({ stage: "refine", regionsDone: 4, regionsTotal: 4 });
    expect(session.timings).toMatchObject({ decoderRuns: 10 });
    expect(session.photo).toMatchObject({ width: 1000, height: 750, channels: 3 });
    await session.close();
  });

  it("takes the photo that is named, and says which photos there are otherwise", async () => {
    const root = join(home, "several");
    for (const name of ["a", "b", "c", "d"]) {
      mkdirSync(join(root, "images"), { recursive: true });
      mkdirSync(join(root, "masks"), { recursive: true });
      cpSync(sample("photo.jpg"), join(root, "images", `${name}.jpg`));
      cpSync(sample("mug_coarse.png"), join(root, "masks", `${name}.png`));
    }
    await expect(refiner.open(root)).rejects.toThrow(
      `${root} lies on 4 photos (images/a.jpg, images/b.jpg, images/c.jpg, …): expected the key of one of them`,
    );
    await expect(refiner.open(root, { key: "images/x.jpg" })).rejects.toThrow(/has no photo "images\/x.jpg"/);
    const one = await refiner.open(root, { key: "images/b.jpg", preset: "fast" });
    expect([one.key, one.masks[0]?.path]).toEqual(["images/b.jpg", join(root, "masks", "b.png")]);
    await one.close();
    const named = await refiner.open(join(root, "masks", "a.png"), {
      image: join(root, "images", "d.jpg"),
      preset: "fast",
    });
    expect(named.path).toBe(join(root, "images", "d.jpg"));
    await named.close();
  });

  it("refuses what cannot be opened with one sentence", async () => {
    const root = join(home, "broken");
    mkdirSync(root, { recursive: true });
    writeFileSync(join(root, "lonely.png"), readFileSync(sample("mug_coarse.png")));
    await expect(refiner.open(join(root, "lonely.png"))).rejects.toThrow(/lonely.png has no photo/);
    await expect(refiner.open(join(root, "gone.png"))).rejects.toThrow(/gone.png cannot be read/);
    const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n";
    writeFileSync(join(root, "p.png"), pointer);
    writeFileSync(join(root, "p.jpg"), readFileSync(sample("photo.jpg")));
    await expect(refiner.open(join(root, "p.png"))).rejects.toThrow(/Git LFS pointer .*git lfs pull/);
    await expect(refiner.open(sample("mug_coarse.png"), { image: join(root, "p.png") })).rejects.toThrow(
      /Git LFS pointer .*git lfs pull/,
    );
    await expect(refiner.open(root, { mode: "both" as "auto" })).rejects.toThrow(/Unknown mode "both"/);
    await expect(refiner.open(root, { ignoreLabel: -1 })).rejects.toThrow(/ignoreLabel/);
  });

  it("stops when aborted, and the refiner goes on", async () => {
    const controller = new AbortController();
    const path = place("mug_coarse.png", "abort");
    const onProgress = ({ stage }: SessionProgress): void => {
      if (stage === "refine") controller.abort(new Error("enough"));
    };
    await expect(refiner.open(path, { signal: controller.signal, onProgress })).rejects.toThrow("enough");
    const { session } = await open("mug_coarse.png", "abort");
    const before = session.regions[0]!;
    const aborted = AbortSignal.abort(new Error("no"));
    await expect(session.refine({ settings: { omega: 3 }, signal: aborted })).rejects.toThrow("no");
    expect(session.regions[0]).toBe(before);
    expect(session.settings.omega).toBe(15);
    await session.close();
    await session.close();
    await expect(session.refine({})).rejects.toThrow("The session is closed");
    expect(() => session.photo).toThrow("The session is closed");
  });

  it("shows a mask without any region as one that has nothing to refine", async () => {
    const path = place("mug_coarse.png", "empty");
    writeFileSync(path, await sharp(path).linear(0, 0).png().toBuffer());
    const session = await refiner.open(path);
    expect(session.regions).toMatchObject([{ name: "0", verdict: "unchanged", reason: "the mask is empty" }]);
    expect(await session.refine({ settings: { omega: 3 } })).toEqual([]);
    await expect(session.prompt(0, { box: [1, 1, 5, 5] })).rejects.toThrow(
      /cannot be refined: the mask is empty/,
    );
    expect(await session.save({ accepted: [0], target: { kind: "beside" } })).toMatchObject([
      { unchanged: true },
    ]);
    await session.close();
  });
});

describe("working on regions", () => {
  let session: RefinementSession;
  beforeAll(async () => {
    session = (await open("fruit_coarse.png", "fruit", { settings: {} })).session;
  });
  afterAll(() => session.close());
  const refined = (): Mask => session.regions[0]!.refined;
  const onBanana = { x: 731, y: 529, positive: true };

  it("refines with other settings from the embedding at hand, as opening with them would", async () => {
    const [changed] = await session.refine({ preset: "paper", settings: { omega: 20, lambda: 0.3 } });
    expect(session.settings).toMatchObject({ omega: 20, lambda: 0.3, gate: "none" });
    expect(session.timings).toMatchObject({ encoderRuns: 0, encode: 0, decoderRuns: 1 });
    expect(changed?.iterations[0]?.prompts.negative).toBeDefined();
    const again = await open("fruit_coarse.png", "fruit", {
      preset: "paper",
      settings: { omega: 20, lambda: 0.3 },
    });
    expect(same(again.session.regions[0]?.refined, refined())).toBe(true);
    await again.session.close();
    await session.refine({ settings: { omega: 2 } });
    expect(session.settings).toMatchObject({ omega: 2, lambda: 0.1, gate: "none" });
    await session.refine({ preset: "default" });
    expect(session.settings).toMatchObject({ omega: 15, gate: "contrast" });
    await expect(session.refine({ settings: { omega: -1 } })).rejects.toThrow(/Setting "omega" is -1/);
    await expect(session.refine({ regions: [7] })).rejects.toThrow(/There is no region 7/);
  });

  it("adds the object of a positive point, and takes it back", async () => {
    const before = refined();
    const [region] = await session.prompt(0, { points: [onBanana] });
    expect(region).toMatchObject({ verdict: "refined", own: { points: [onBanana] } });
    expect(region?.iterations[0]?.prompts.own).toEqual([onBanana]);
    expect(maskIoU(refined(), object(2, 3))).toBeGreaterThan(0.9);
    expect(session.timings.decoderRuns).toBe(4);
    // Own prompts stay when settings change.
    await session.refine({});
    expect(session.regions[0]?.own).toEqual({ points: [onBanana] });
    await session.prompt(0, {});
    expect(same(refined(), before)).toBe(true);
  });

  it("takes the object of another box, and leaves out a negative point", async () => {
    await session.prompt(0, { box: [497, 435, 990, 612] });
    expect(maskIoU(refined(), object(3))).toBeGreaterThan(0.9);
    await session.prompt(0, { points: [onBanana, { x: 692, y: 364, positive: false }] });
    expect(refined().data[364 * WIDTH + 692]).toBe(0);
    await session.prompt(0, {});
    const wrong = session.prompt(0, { points: [{ x: 1000, y: 3, positive: true }] });
    await expect(wrong).rejects.toThrow(/outside of the photo: expected 0, 0 to 999, 749/);
    await expect(session.prompt(0, { box: [9, 9, 2, 2] })).rejects.toThrow(/The box is 9, 9, 2, 2/);
  });

  it("takes a candidate, the method's own one as the method does", async () => {
    const before = session.regions[0]!;
    const accepted = before.iterations.findLastIndex((one) => one.accepted);
    const { candidates } = before.iterations[accepted]!;
    const chosen = candidates.find((one) => one.chosen)!;
    const [own] = await session.choose(0, { iteration: accepted, token: chosen.token });
    expect(same(own?.refined, before.refined)).toBe(true);
    expect(own).toMatchObject({ choice: { iteration: accepted, token: chosen.token }, doubt: 0 });
    const other = candidates.find((one) => !one.chosen)!;
    const [taken] = await session.choose(0, { iteration: accepted, token: other.token });
    expect(taken).toMatchObject({ verdict: "refined", predictedIoU: other.predictedIoU });
    expect(same(taken?.refined, before.refined)).toBe(false);
    const [back] = await session.choose(0, undefined);
    expect(same(back?.refined, before.refined)).toBe(true);
    expect(back).not.toHaveProperty("choice");
    await expect(session.choose(0, { iteration: 9, token: 1 })).rejects.toThrow(/no iteration 9/);
    await expect(session.choose(0, { iteration: 0, token: 0 })).rejects.toThrow(/expected one of 1, 2, 3/);
  });

  it("draws every decode as explaining does", async () => {
    const labels = await open("labels_coarse.png", "drawn", { mode: "instance", settings: {} });
    const drawn = [
      ...(await sourcesDrawn(session, "fruit_coarse.png", 0)),
      // A region that growth looks for twice to the end.
      ...(await sourcesDrawn(labels.session, "labels_coarse.png", 2)),
    ];
    await labels.session.close();
    expect(drawn).toEqual(expect.arrayContaining(["coarse", "best", "grown", "previous"]));
    await expect(session.pictures(0, 99)).rejects.toThrow(/no iteration 99/);
  });

  /** Holds the pictures of all decodes of a region against an explained refinement. */
  async function sourcesDrawn(drawing: RefinementSession, mask: string, region: number): Promise<string[]> {
    const { regions } = await refiner.refine(
      { image: sample("photo.jpg"), mask: sample(mask) },
      { explain: true, mode: "instance" },
    );
    const { iterations } = regions[region]!;
    const sources = iterations.map(({ source }) => source);
    expect(sources).toEqual(drawing.regions[region]!.iterations.map(({ source }) => source));
    for (const [i, { sourceMask, prompts, candidates }] of iterations.entries()) {
      const pictures = await drawing.pictures(region, i);
      expect(same(pictures.source, sourceMask)).toBe(true);
      expect(pictures.heat).toEqual(prompts.maskLogits);
      expect(pictures.candidates.map((one, k) => same(one, candidates[k]?.mask))).toEqual([true, true, true]);
    }
    return sources;
  }

  it("runs calls one after the other", async () => {
    const order: string[] = [];
    await Promise.all([
      session.prompt(0, { points: [onBanana] }).then(() => order.push("prompt")),
      session.pictures(0, 0).then(() => order.push("pictures")),
      session.prompt(0, {}).then(() => order.push("back")),
    ]);
    expect(order).toEqual(["prompt", "pictures", "back"]);
  });
});

describe("regions of one map", () => {
  it("share its pixels: others are returned when they win or lose some", async () => {
    const { session } = await open("labels_coarse.png", "shared", { preset: "fast" });
    const apple = session.regions[1]!;
    // All of the mug, and the apple beside it, for the mug.
    const changed = await session.prompt(0, { points: [{ x: 692, y: 364, positive: true }] });
    expect(changed.map(({ id }) => id)).toEqual([0, 1]);
    const after = session.regions[1]!;
    expect(after.refinedArea).toBeLessThan(apple.refinedArea);
    const [mug, rest] = [session.regions[0]!.refined.data, after.refined.data];
    expect(mug.some((v, i) => v === 1 && rest[i] === 1)).toBe(false);
    expect(await session.refine({ regions: [3] })).toMatchObject([{ id: 3 }]);
    await session.close();
  });
});

describe("saving", () => {
  const beside: SaveTarget = { kind: "beside" };

  it("writes what refine writes when all is accepted, beside, and leaves the source", async () => {
    const { session, path } = await open("labels_coarse.png", "beside");
    const before = hash(path);
    const [file] = await session.save({ accepted: [0, 1, 2, 3], target: beside });
    expect(file).toEqual({
      ...{ source: path, path: join(home, "beside", "photo_mask.refined.png"), unchanged: false, notes: [] },
    });
    const whole = await refiner.refine(
      { image: sample("photo.jpg"), mask: path },
      { settings: { growth: "none" } },
    );
    expect(Buffer.compare(readFileSync(file!.path), whole.toPNG())).toBe(0);
    expect(hash(path)).toBe(before);
    await session.close();
  });

  it("keeps the coarse pixels of regions that are not accepted", async () => {
    const { session, path } = await open("labels_coarse.png", "some");
    const [file] = await session.save({ accepted: [0], target: beside });
    const [before, after] = [(await readMask(path)).data, (await readMask(file!.path)).data];
    const mug = { ...object(1), data: Uint8Array.from(after, (v) => (v === 1 ? 1 : 0)) };
    expect(maskIoU(mug, session.regions[0]!.refined)).toBeGreaterThan(0.99);
    // Banana and leaf are far away from the mug.
    for (const label of [3, 4])
      expect(after.every((v, i) => (v === label) === (before[i] === label))).toBe(true);
    expect(after.every((v, i) => (v === 255) === (before[i] === 255))).toBe(true);
    await session.close();
  });

  it("writes the source's own bytes when nothing is accepted, and in place nothing", async () => {
    const { session, path } = await open("labels_coarse.png", "none");
    const [copy] = await session.save({ accepted: [], target: beside });
    expect(copy?.unchanged).toBe(true);
    expect(hash(copy!.path)).toBe(hash(path));
    const history = join(home, "none-history");
    expect(await session.save({ accepted: [], target: { kind: "in-place", history } })).toMatchObject([
      { path, unchanged: true },
    ]);
    expect(existsSync(history)).toBe(false);
    await session.close();
  });

  it("mirrors folders, and overwrites only what it may", async () => {
    const { session, path } = await open("mug_coarse.png", "tree/deep");
    const target: SaveTarget = { kind: "mirror", root: join(home, "tree"), folder: join(home, "mirror") };
    const [file] = await session.save({ accepted: [0], target });
    expect(file?.path).toBe(join(home, "mirror", "deep", "photo_mask.png"));
    // Its own result may be replaced.
    await session.save({ accepted: [], target });
    expect(hash(file!.path)).toBe(hash(path));
    writeFileSync(file!.path, "somebody's");
    await expect(session.save({ accepted: [0], target })).rejects.toThrow(/exists with other content/);
    expect(readFileSync(file!.path, "utf8")).toBe("somebody's");
    await session.save({ accepted: [0], target, overwrite: true });
    expect(maskIoU((await readMask(file!.path)) as Mask, object(1))).toBeGreaterThan(0.9);
    const own: SaveTarget = { ...target, folder: join(home, "tree") };
    await expect(session.save({ accepted: [0], target: own, overwrite: true })).rejects.toThrow(
      /the source itself/,
    );
    const outside: SaveTarget = { ...target, root: join(home, "elsewhere") };
    await expect(session.save({ accepted: [0], target: outside })).rejects.toThrow(/lies outside of/);
    await session.close();
  });

  it("refuses when the source was changed or deleted since, and writes nothing", async () => {
    const { session, path } = await open("mug_coarse.png", "changed");
    writeFileSync(path, readFileSync(sample("fruit_coarse.png")));
    await expect(session.save({ accepted: [0], target: beside })).rejects.toThrow(
      `${path} was changed since it was opened`,
    );
    rmSync(path);
    const history = join(home, "changed-history");
    await expect(session.save({ accepted: [0], target: { kind: "in-place", history } })).rejects.toThrow(
      `${path} was deleted since it was opened`,
    );
    expect(await readdir(join(home, "changed"))).toEqual(["photo.jpg"]);
    expect(existsSync(history)).toBe(false);
    await session.close();
  });

  it("says where it may not write", async (context) => {
    const { session, path } = await open("mug_coarse.png", "readonly");
    const target: SaveTarget = { kind: "mirror", root: join(home, "readonly"), folder: join(path, "below") };
    await expect(session.save({ accepted: [0], target })).rejects.toMatchObject({ code: "output" });
    if (process.getuid?.() === 0) return context.skip("root may write everywhere");
    chmodSync(join(home, "readonly"), 0o555);
    await expect(session.save({ accepted: [0], target: beside })).rejects.toThrow(/no permission to write/);
    chmodSync(join(home, "readonly"), 0o755);
  });
});

describe("in place", () => {
  it("keeps the original before anything is replaced, and brings it back", async () => {
    const { session, path } = await open("labels_coarse.png", "place");
    const history = join(home, "place-history");
    const target: SaveTarget = { kind: "in-place", history };
    const original = hash(path);
    const [file] = await session.save({ accepted: [0, 1, 2, 3], target });
    expect(file).toMatchObject({ source: path, path, unchanged: false });
    const first = hash(path);
    expect(first).not.toBe(original);
    expect(hash(join(history, "originals", original))).toBe(original);
    // Again, from the same session: what it has written itself is no change by somebody else.
    await session.save({ accepted: [0], target });
    const second = hash(path);
    expect(second).not.toBe(first);
    const lines = readFileSync(join(history, "history.jsonl"), "utf8").trim().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { type: "in-place", path, original, written: first },
      { type: "in-place", path, original: first, written: second },
    ]);
    expect(await restoreOriginal(path, { history })).toMatchObject({ restored: true });
    expect(hash(path)).toBe(original);
    expect(await restoreOriginal(path, { history })).toMatchObject({ restored: false });
    expect(hash(path)).toBe(original);
    // The session is as it was: it may save once more.
    await expect(session.save({ accepted: [1], target })).resolves.toHaveLength(1);
    await session.close();
  });
});

it("has a picture that a browser shows: its own bytes, or others where it could not", async () => {
  const { session } = await open("mug_coarse.png", "picture", { preset: "fast" });
  const own = await session.picture();
  expect(own.mime).toBe("image/jpeg");
  expect(Buffer.compare(own.bytes, readFileSync(sample("photo.jpg")))).toBe(0);
  await session.close();
  const path = place("mug_coarse.png", "tiff");
  await sharp(sample("photo.jpg"))
    .toColourspace("cmyk")
    .tiff()
    .toFile(join(home, "tiff", "photo.tif"));
  const other = await refiner.open(path, { preset: "fast", image: join(home, "tiff", "photo.tif") });
  const made = await other.picture();
  expect(made.mime).toBe("image/png");
  const pixels = await sharp(made.bytes).raw().toBuffer();
  expect(Buffer.compare(pixels, other.photo.data as Uint8Array)).toBe(0);
  await other.close();
});

it("ends with its refiner", async () => {
  const own = await createRefiner({ cacheDir: join(home, "cache"), device: "cpu" });
  const session = await own.open(place("mug_coarse.png", "ends"), { preset: "fast" });
  await own.close();
  await expect(session.refine({})).rejects.toThrow("Cannot use a session: the refiner is closed");
  await session.close();
  await expect(own.open(sample("mug_coarse.png"))).rejects.toThrow("the refiner is closed");
});
