/** Datasets of a few pixels in temporary folders. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { DatasetPlan } from "../../../src/dataset/plan/dataset-plan.ts";
import { buildPNG, palette } from "../../formats/png-builder.ts";

/** A folder that is new for every test. */
export interface Tree {
  readonly root: string;
  path(relative: string): string;
  /** Writes files below the folder; a text that is no content of its own is one of {@link pictures}. */
  add(files: Readonly<Record<string, Uint8Array | string>>): Promise<void>;
  /** Writes photos, and small gray masks for names that end in `.png`. */
  touch(...names: string[]): Promise<void>;
}

export function useTree(): Tree {
  let root = "";
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "samrefiner-plan-"));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));
  const add: Tree["add"] = async (files) => {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(root, name)), { recursive: true });
      await writeFile(join(root, name), content);
    }
  };
  return {
    get root() {
      return root;
    },
    path: (relative) => join(root, relative),
    add,
    touch: (...names) => add(Object.fromEntries(names.map((name) => [name, fileFor(name)]))),
  };
}

function fileFor(name: string): Uint8Array | string {
  return name.endsWith(".png") ? gray([0, 1, 1, 0], 2) : "photo";
}

/** A gray PNG of 8 bits, or 16 where an id needs them. */
export function gray(ids: readonly number[], width: number, depth: 1 | 8 | 16 = 8): Uint8Array {
  return buildPNG({ width, height: ids.length / width, depth, colourType: 0, samples: ids });
}

/** A palette PNG of 256 colours. */
export function indexed(ids: readonly number[], width: number): Uint8Array {
  return buildPNG({
    width,
    height: ids.length / width,
    depth: 8,
    colourType: 3,
    samples: ids,
    before: [palette(256)],
  });
}

/** A PNG in RGB, or RGB with alpha for colours of four numbers. */
export function rgb(colours: readonly (readonly number[])[], width: number): Uint8Array {
  const colourType = colours[0]!.length === 4 ? 6 : 2;
  return buildPNG({ width, height: colours.length / width, depth: 8, colourType, samples: colours.flat() });
}

/** The plan as lines: a photo, and behind it what lies on it; siblings in brackets, photo ids behind `#`. */
export function lines({ works }: DatasetPlan): string[] {
  return works.map(({ key, targets }) => {
    const written = targets.map((target) => {
      if (target.kind === "annotations") return `${target.relative}#${target.photoId}`;
      const followers = target.siblings.map(({ relative }) => relative);
      return target.relative + (followers.length > 0 ? `[${followers.join(" ")}]` : "");
    });
    return `${key}: ${written.join(" ")}`;
  });
}

/** The sentences of a plan's refusals, paths below the root. */
export function refusals({ refused, root }: DatasetPlan): string[] {
  return refused.map(({ error }) => error.message.replaceAll(root, "~"));
}
