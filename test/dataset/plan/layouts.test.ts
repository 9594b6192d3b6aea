import { existsSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import fc from "fast-check";
import { decode } from "fast-png";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import type { LabelMap } from "../../../src/core/mask.ts";
import { loadMask } from "../../../src/dataset/load-mask.ts";
import type { DatasetPlan, LabelTarget } from "../../../src/dataset/plan/dataset-plan.ts";
import { planDataset } from "../../../src/dataset/plan/plan-dataset.ts";
import { gray, indexed, lines, refusals, rgb, useTree } from "./tree.ts";

const tree = useTree();
const pixelLimit = 10_000_000;

function targetsOf({ works }: DatasetPlan): LabelTarget[] {
  return works.flatMap(({ targets }) => targets.filter((target) => target.kind === "labels"));
}

async function loaded(
  target: LabelTarget,
): Promise<{ map: LabelMap; write: (values: LabelMap["data"]) => Uint8Array }> {
  return loadMask(target.path, target.reading ?? {}, pixelLimit);
}

const width = 4;
const pixels = 8;
const city = "gtFine/val/ulm/ulm_000000_000019_gtFine_";
const photo = "leftImg8bit/val/ulm/ulm_000000_000019_leftImg8bit.png";

/** Road, sky, cars 1 and 2, a person, what is not labelled. */
const ids = [7, 23, 26_001, 26_002, 24_000, 0];
const classOf = (id: number): number => (id < 1000 ? id : Math.floor(id / 1000));
const trainIds: Record<number, number> = { 0: 255, 7: 0, 23: 10, 24: 11, 26: 13 };
const colours: Record<number, number[]> = {
  0: [0, 0, 0, 255],
  7: [128, 64, 128, 255],
  23: [70, 130, 180, 255],
  24: [220, 20, 60, 255],
  26: [0, 0, 142, 255],
};

/** The four pictures of one annotation. */
function cityscapes(instances: readonly number[]): Record<string, Uint8Array> {
  const classes = instances.map(classOf);
  return {
    [photo]: rgb([[1, 2, 3]], 1),
    [`${city}instanceIds.png`]: gray(instances, width, 16),
    [`${city}labelIds.png`]: gray(classes, width),
    [`${city}labelTrainIds.png`]: gray(
      classes.map((id) => trainIds[id]!),
      width,
    ),
    [`${city}color.png`]: rgb(
      classes.map((id) => colours[id]!),
      width,
    ),
    [`${city}polygons.json`]: new TextEncoder().encode('{"imgHeight": 2, "objects": []}'),
  };
}

const anyInstances = fc.array(fc.constantFrom(...ids), { minLength: pixels, maxLength: pixels });
const samplesOf = (png: Uint8Array): number[] => Array.from(decode(png).data);

describe("Cityscapes", () => {
  it("refines instanceIds; the others follow, polygons stay", async () => {
    await tree.add(cityscapes([7, 7, 26_001, 26_001, 7, 7, 24_000, 0]));
    const plan = await planDataset(tree.root);
    const followers = ["labelIds", "labelTrainIds", "color"].map((kind) => `${city}${kind}.png`);
    expect(lines(plan)).toEqual([`${photo}: ${city}instanceIds.png[${followers.join(" ")}]`]);
    expect(targetsOf(plan)[0]).toMatchObject({ mode: "instance", reading: { encoding: "labels" } });
    expect(plan.notes).toEqual([
      "1 polygon file of Cityscapes stay as they are: only the pictures are refined, and no longer agree with them",
    ]);
  });

  it("of polygons alone, or named, are refused: pictures are what is refined", async () => {
    const files = cityscapes([7, 7, 26_001, 26_001, 7, 7, 24_000, 0]);
    const polygons = `${city}polygons.json`;
    await tree.add({ [polygons]: files[polygons]!, [photo]: files[photo]! });
    const sentence = `~/${polygons}: found polygons of Cityscapes, expected the pictures that cityscapesScripts make of them, such as ${city.split("/").at(-1)}labelIds.png`;
    expect(refusals(await planDataset(tree.root))).toEqual([sentence]);
    await tree.add(files);
    expect(refusals(await planDataset(tree.root))).toEqual([]);
    const [named] = refusals(await planDataset(tree.path(polygons)));
    expect(named?.split(": ")[1]).toBe(sentence.split(": ")[1]);
  });

  it("without instances refines labelIds, without those trainIds; gtCoarse too", async () => {
    const coarse = city.replaceAll("gtFine", "gtCoarse");
    const files = cityscapes([7, 7, 26, 26, 7, 7, 24, 0]);
    await tree.add({
      [photo]: files[photo]!,
      [`${city}labelTrainIds.png`]: files[`${city}labelTrainIds.png`]!,
      [`${city}color.png`]: files[`${city}color.png`]!,
      [`${coarse}labelIds.png`]: files[`${city}labelIds.png`]!,
      [`${coarse}color.png`]: files[`${city}color.png`]!,
    });
    const plan = await planDataset(tree.root);
    expect(lines(plan)).toEqual([
      `${photo}: ${coarse}labelIds.png[${coarse}color.png] ${city}labelTrainIds.png[${city}color.png]`,
    ]);
    expect(targetsOf(plan).map(({ mode }) => mode)).toEqual(["semantic", "semantic"]);
  });

  it("given as one file, brings its siblings", async () => {
    await tree.add(cityscapes([7, 7, 26_001, 26_001, 7, 7, 24_000, 0]));
    const plan = await planDataset(tree.path(`${city}labelIds.png`));
    expect(targetsOf(plan)[0]?.siblings.map(({ relative }) => relative)).toEqual([
      "ulm_000000_000019_gtFine_labelTrainIds.png",
      "ulm_000000_000019_gtFine_color.png",
    ]);
  });

  it("after any change of the instances all agree; without a change all bytes are the same", async () => {
    await fc.assert(
      fc.asyncProperty(anyInstances, anyInstances, async (instances, changed) => {
        await tree.add(cityscapes(instances));
        const [target] = targetsOf(await planDataset(tree.root));
        const { map } = await loaded(target!);
        const after = { ...map, data: Uint16Array.from(changed) };
        const wanted = cityscapes(changed);
        for (const { path, relative, follow } of target!.siblings) {
          expect(samplesOf(await follow(map, after)), relative).toEqual(samplesOf(wanted[relative]!));
          expect(Buffer.compare(await follow(map, map), await readFile(path))).toBe(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("learns train ids and colours of its own from the files", async () => {
    const own = [7, 26_001, 7, 26_001];
    await tree.add({
      [photo]: "photo",
      [`${city}instanceIds.png`]: gray(own, 4, 16),
      [`${city}labelTrainIds.png`]: gray([3, 9, 3, 9], 4),
    });
    const [target] = targetsOf(await planDataset(tree.root));
    const { map } = await loaded(target!);
    const after = { ...map, data: Uint16Array.of(26_001, 26_001, 7, 23) };
    // Sky occurs nowhere: it gets the published train id.
    expect(samplesOf(await target!.siblings[0]!.follow(map, after))).toEqual([9, 9, 3, 10]);
  });

  it("says where files do not agree, or differ in size", async () => {
    const files = cityscapes([7, 7, 26_001, 26_001, 7, 7, 24_000, 0]);
    await tree.add({
      ...files,
      [`${city}labelIds.png`]: gray([7, 7, 26, 26, 7, 24, 24, 0], width),
      [`${city}color.png`]: rgb([[0, 0, 0]], 1),
    });
    const [target] = targetsOf(await planDataset(tree.root));
    const { map } = await loaded(target!);
    const [labels, train, colour] = target!.siblings;
    await expect(labels!.follow(map, map)).rejects.toThrow(
      `found 24 at (1, 1), where ${target!.path} has 7, expected 7: the files do not agree`,
    );
    expect(await train!.follow(map, map)).toHaveLength(files[`${city}labelTrainIds.png`]!.length);
    await expect(colour!.follow(map, map)).rejects.toThrow(InputError);
    await expect(colour!.follow(map, map)).rejects.toThrow("is 1×1 pixels, but");
  });
});

const voc = {
  class: "VOC/SegmentationClass/a.png",
  object: "VOC/SegmentationObject/a.png",
  photo: "VOC/JPEGImages/a.jpg",
};
const instances = [0, 1, 1, 2, 255, 2, 3, 3];
const classes = [0, 15, 15, 7, 255, 7, 15, 15];

describe("PASCAL VOC", () => {
  it("with both folders refines the objects; classes follow", async () => {
    await tree.add({
      [voc.photo]: "photo",
      [voc.class]: indexed(classes, width),
      [voc.object]: indexed(instances, width),
    });
    await tree.add({
      "VOC/SegmentationClass/b.png": indexed(classes, width),
      "VOC/JPEGImages/b.jpg": "photo",
    });
    const plan = await planDataset(tree.root);
    expect(lines(plan)).toEqual([
      `${voc.photo}: ${voc.object}[${voc.class}]`,
      "VOC/JPEGImages/b.jpg: VOC/SegmentationClass/b.png",
    ]);
    expect(targetsOf(plan).map(({ mode }) => mode)).toEqual(["instance", "semantic"]);
  });

  it("given as one file, has the tree as its root", async () => {
    await tree.add({
      [voc.photo]: "photo",
      [voc.class]: indexed(classes, width),
      [voc.object]: indexed(instances, width),
    });
    const plan = await planDataset(tree.path(voc.object));
    expect([plan.root, ...lines(plan)]).toEqual([
      tree.path("VOC"),
      "JPEGImages/a.jpg: SegmentationObject/a.png[SegmentationClass/a.png]",
    ]);
  });

  it.each([
    ["palette", indexed],
    ["gray", gray],
  ] as const)("classes in %s agree after any change, and void stays", async (_, build) => {
    await tree.add({
      [voc.photo]: "photo",
      [voc.class]: build(classes, width),
      [voc.object]: build(instances, width),
    });
    const [target] = targetsOf(await planDataset(tree.root));
    const { map } = await loaded(target!);
    const classOfInstance = new Map(instances.map((id, i) => [id, classes[i]!]));
    const anyIds = fc.array(fc.constantFrom(0, 1, 2, 3), { minLength: pixels, maxLength: pixels });
    await fc.assert(
      fc.asyncProperty(anyIds, async (changed) => {
        const data = Uint8Array.from(changed, (id, i) => (map.data[i] === 255 ? 255 : id));
        const bytes = await target!.siblings[0]!.follow(map, { ...map, data });
        expect(samplesOf(bytes)).toEqual(Array.from(data, (id) => classOfInstance.get(id)));
      }),
    );
    expect(Buffer.compare(await target!.siblings[0]!.follow(map, map), build(classes, width))).toBe(0);
  });

  it("gives no class to an instance that had none", async () => {
    await tree.add({
      [voc.photo]: "photo",
      [voc.class]: indexed(classes, width),
      [voc.object]: indexed(instances, width),
    });
    const [target] = targetsOf(await planDataset(tree.root));
    const { map } = await loaded(target!);
    const after = { ...map, data: Uint8Array.from(map.data).fill(9, 0, 1) };
    await expect(target!.siblings[0]!.follow(map, after)).rejects.toThrow("found no pixel of id 9");
  });

  it("in colours reads classes by the labelmap, instances by VOC's colours", async () => {
    const [red, green, black] = [
      [128, 0, 0],
      [0, 128, 0],
      [0, 0, 0],
    ];
    await tree.add({
      "set/labelmap.txt":
        "# label:color_rgb:parts:actions\nbackground:0,0,0::\ncat:0,128,0::\ndog:128,0,0::\n",
      "set/JPEGImages/a.jpg": "photo",
      "set/SegmentationObject/a.png": rgb([black, red, red, green], 2),
      "set/SegmentationClass/a.png": rgb([black, green, green, green], 2),
      "set/JPEGImages/b.jpg": "photo",
      "set/SegmentationClass/b.png": rgb([black, red, red, green], 2),
    });
    const [both, alone] = targetsOf(await planDataset(tree.root));
    const { map } = await loaded(both!);
    expect(Array.from(map.data)).toEqual([0, 1, 1, 2]);
    const after = { ...map, data: Uint8Array.of(2, 0, 1, 2) };
    expect(samplesOf(await both!.siblings[0]!.follow(map, after))).toEqual(
      [green, black, green, green].flat(),
    );
    expect(Array.from((await loaded(alone!)).map.data)).toEqual([0, 2, 2, 1]);
  });

  it("in colours without a labelmap says how to give one; with a broken one says what is wrong", async () => {
    await tree.add({
      "JPEGImages/a.jpg": "photo",
      "SegmentationClass/a.png": rgb(
        [
          [0, 0, 0],
          [1, 2, 3],
        ],
        2,
      ),
    });
    const [target] = targetsOf(await planDataset(tree.root));
    await expect(loaded(target!)).rejects.toThrow(
      "a labelmap.txt in its folder or above, with a line such as",
    );
    await tree.add({ "labelmap.txt": "cat" });
    expect(refusals(await planDataset(tree.root))).toEqual([
      '~/labelmap.txt: found line 1, "cat", expected a line such as cat:128,0,0::',
    ]);
  });
});

const bench = resolve("../shared/bench");
const present = existsSync(bench);
if (!present) console.log(`skipped: ${bench} is not there`);

describe.runIf(present)("what CVAT exported as VOC", () => {
  it("is one tree in agreement, before and after a change", async () => {
    const plan = await planDataset(resolve(bench, "formats/2label_voc1.1"));
    expect(lines(plan)).toEqual([
      "JPEGImages/shapes.jpg: SegmentationObject/shapes.png[SegmentationClass/shapes.png]",
    ]);
    const [target] = targetsOf(plan);
    const { map, write } = await loaded(target!);
    const [sibling] = target!.siblings;
    expect(Buffer.compare(write(map.data), readFileSync(target!.path))).toBe(0);
    expect(Buffer.compare(await sibling!.follow(map, map), readFileSync(sibling!.path))).toBe(0);
    const data = map.data.slice();
    data.fill(1, 0, 588 * 3);
    const before = samplesOf(readFileSync(sibling!.path));
    const after = samplesOf(await sibling!.follow(map, { ...map, data }));
    const ellipse = [0, 0, 128];
    const wanted = before.map((sample, i) => (i < 588 * 9 ? ellipse[i % 3] : sample));
    expect(Buffer.compare(Buffer.from(after), Buffer.from(wanted as number[]))).toBe(0);
  });
});
