/** Sessions on real files of every format: what is accepted is written back in the file's own format, the rest stays. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeRuns } from "../../src/core/run-length.ts";
import { runsInBox } from "../../src/dataset/run/refine-pieces.ts";
import { detectAnnotations } from "../../src/formats/annotations/registry.ts";
import { encodeLabelPNG } from "../../src/formats/mod.ts";
import {
  createRefiner,
  type Mask,
  maskIoU,
  type RefinementSession,
  type Refiner,
  readMask,
  restoreOriginal,
} from "../../src/sdk/mod.ts";
import { boxMask, smallPhoto } from "../cli/pictures.ts";

const bench = resolve("../shared/bench");
const present = existsSync(join(bench, "formats"));
if (!present) console.log(`skipped: ${bench} is not there`);

let home = "";
let refiner: Refiner;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), "samrefiner-session-formats-"));
  refiner = await createRefiner({ cacheDir: join(home, "cache"), device: "cpu" });
});
afterAll(async () => {
  await refiner.close();
  rmSync(home, { recursive: true, force: true });
});

/** A folder of the bench, copied. */
function folder(name: string): string {
  const root = join(home, name);
  cpSync(join(bench, "formats", name), root, { recursive: true });
  return root;
}

/** A file's regions on a photo, by id. */
function regionsIn(path: string, session: RefinementSession): Map<string, Mask> {
  const bytes = readFileSync(path);
  const { photos } = detectAnnotations(path, bytes)!.read(path, bytes);
  const { width, height } = session;
  const photo = photos.find(({ regions }) => regions.some(({ id }) => id === session.regions[0]?.name));
  const own = photo!.regions.filter(({ skip }) => skip === undefined);
  return new Map(own.map((one) => [one.id, one.mask({ width, height })]));
}

function same(a: Mask, b: Mask): boolean {
  return Buffer.compare(a.data, b.data) === 0;
}

describe.runIf(present)("annotation files", () => {
  it.each([
    ["labelme_grapes", "1.json", undefined, "labelme JSON"],
    ["2label_labelme", "birds.json", undefined, "labelme JSON"],
    ["2label_cvat1.1", "annotations.xml", 0, "CVAT XML"],
    ["2label_coco1.0", "annotations/instances_default.json", 0, "COCO JSON"],
  ])("%s/%s is saved with one region refined", async (name, file, which, format) => {
    const root = folder(name);
    const source = join(root, file);
    const options = { preset: "fast" } as const;
    const key = which === undefined ? undefined : await firstKey(source);
    const session = await refiner.open(source, { ...options, ...(key === undefined ? {} : { key }) });
    expect(session.masks.map((mask) => mask.format)).toContain(format);
    const region = session.regions.find(({ verdict, mask }) => verdict === "refined" && mask === 0)!;
    expect(region.coarse.data).toContain(1);
    const [saved, ...others] = await session.save({ accepted: [region.id], target: { kind: "beside" } });
    expect(others.every(({ unchanged }) => unchanged)).toBe(true);
    const before = regionsIn(saved!.source, session);
    const after = regionsIn(saved!.path, session);
    expect(same(before.get(region.name)!, region.coarse)).toBe(true);
    // Polygons leave the exact outline by half a pixel at most.
    expect(maskIoU(after.get(region.name)!, region.refined)).toBeGreaterThan(0.9);
    // A region in more parts than before moves the numbers of those behind it.
    const left = [...after.values()];
    for (const [id, mask] of before)
      if (id !== region.name) expect(left.some((one) => same(one, mask))).toBe(true);
    const [none] = await session.save({ accepted: [], target: { kind: "beside" } });
    expect(Buffer.compare(readFileSync(none!.path), readFileSync(none!.source))).toBe(0);
    await session.close();
  });

  it("asks for the photo of a file with many, and takes the one that is given", async () => {
    const root = folder("coco_maskrcnn");
    const file = join(root, "instances_polygons.json");
    const images = join(bench, "images");
    const { photos } = detectAnnotations(file, readFileSync(file))!.read(file, readFileSync(file));
    const { link, regions } = photos.find((photo) => photo.regions.length > 1)!;
    mkdirSync(join(root, "images"));
    for (const photo of photos)
      if (photo.link) cpSync(join(images, photo.link), join(root, "images", photo.link));
    await expect(refiner.open(file)).rejects.toThrow(/lies on \d+ photos \(.*, …\): expected the key/);
    const session = await refiner.open(file, { image: join(root, "images", link!), preset: "fast" });
    expect(session.regions.map(({ name }) => name)).toEqual(regions.map(({ id }) => id));
    expect(session.path).toBe(join(root, "images", link!));
    await session.close();
  });

  async function firstKey(source: string): Promise<string | undefined> {
    const error = await refiner.open(source).then(
      async (session) => session.close(),
      (reason: Error) => reason,
    );
    return error instanceof Error ? /\(([^,]+),/.exec(error.message)?.[1] : undefined;
  }
});

describe.runIf(present)("a data set of VOC's", () => {
  it("keeps classes in agreement with instances, in place and when they are brought back", async () => {
    const root = folder("2label_voc1.1");
    const [name] = readFileSync(join(root, "ImageSets/Segmentation/default.txt"), "utf8").trim().split(/\s+/);
    const path = join(root, "SegmentationObject", `${name}.png`);
    const classes = join(root, "SegmentationClass", `${name}.png`);
    const [before, beforeClasses] = [readFileSync(path), readFileSync(classes)];
    const session = await refiner.open(path, { preset: "fast" });
    const history = join(home, "voc-history");
    const target = { kind: "in-place", history } as const;
    const refined = session.regions.filter(({ verdict }) => verdict === "refined").map(({ id }) => id);
    expect(refined).not.toEqual([]);
    const saved = await session.save({ accepted: refined, target });
    expect(saved.map((file) => file.path)).toEqual([path, classes]);
    expect(Buffer.compare(readFileSync(path), before)).not.toBe(0);
    expect(Buffer.compare(readFileSync(classes), beforeClasses)).not.toBe(0);
    // Once more, with less: the classes follow from where they are now.
    await session.save({ accepted: refined.slice(1), target });
    expect(await restoreOriginal(path, { history })).toMatchObject({ restored: true });
    expect(Buffer.compare(readFileSync(path), before)).toBe(0);
    expect(Buffer.compare(readFileSync(classes), beforeClasses)).toBe(0);
    await session.close();
  });
});

describe("mask files", () => {
  const width = 200;
  const height = 150;
  async function place(name: string, photo: Sharp, mask: Uint8Array, ending = "png"): Promise<string> {
    const root = join(home, name);
    mkdirSync(root, { recursive: true });
    await photo.toFile(join(root, "p.jpg"));
    writeFileSync(join(root, `p_mask.${ending}`), mask);
    return join(root, `p_mask.${ending}`);
  }

  it("of turned photos are shown upright and written as they lay", async () => {
    const upright = decodeRuns(
      runsInBox((await readMask(boxMask(width, height, [30, 33, 112, 100]))) as Mask),
    );
    // Stored lying on its side, as a camera does it: EXIF 6 turns it right.
    const stored = await sharp(Buffer.from(upright.data), { raw: { width, height, channels: 1 } })
      .rotate(-90)
      .extractChannel(0)
      .raw()
      .toBuffer();
    const lying = encodeLabelPNG({
      width: height,
      height: width,
      data: Uint8Array.from(stored, (v) => (v ? 7 : 0)),
    });
    const small = sharp(await smallPhoto().png().toBuffer());
    const photo = small.rotate(-90).jpeg().withMetadata({ orientation: 6 });
    const path = await place("turned", photo, lying);
    const session = await refiner.open(path, { preset: "fast" });
    expect([session.width, session.height]).toEqual([width, height]);
    expect(same(session.regions[0]!.coarse, upright)).toBe(true);
    expect((await session.picture()).mime).toBe("image/jpeg");
    const [saved] = await session.save({ accepted: [0], target: { kind: "beside" } });
    const written = await readMask(saved!.path);
    expect([written.width, written.height]).toEqual([height, width]);
    const refined = Buffer.from(session.regions[0]!.refined.data);
    const expected = await sharp(refined, { raw: { width, height, channels: 1 } })
      .rotate(-90)
      .extractChannel(0)
      .raw()
      .toBuffer();
    expect(written.data.every((v, i) => v > 0 === expected[i]! > 0)).toBe(true);
    await session.close();
  });

  it("in JPEG become PNG beside, and never JPEG again", async () => {
    const jpeg = await sharp(boxMask(width, height, [30, 33, 112, 100]))
      .jpeg({ quality: 100 })
      .toBuffer();
    const path = await place("jpeg", smallPhoto().jpeg(), jpeg, "jpg");
    const session = await refiner.open(path, { image: join(home, "jpeg", "p.jpg"), preset: "fast" });
    expect(session.masks[0]?.format).toBe("JPEG");
    const [saved] = await session.save({ accepted: [0], target: { kind: "beside" } });
    expect(saved?.path).toBe(join(home, "jpeg", "p_mask.refined.png"));
    expect((await sharp(saved!.path).metadata()).format).toBe("png");
    const target = { kind: "in-place", history: join(home, "jpeg-history") } as const;
    await expect(session.save({ accepted: [0], target })).rejects.toThrow(/is a JPEG/);
    expect(Buffer.compare(readFileSync(path), jpeg)).toBe(0);
    await session.close();
  });
});
