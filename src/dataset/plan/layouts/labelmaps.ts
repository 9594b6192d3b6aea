/** Colour maps that lie with a dataset. */
import { dirname, join } from "node:path";
import { type ColourMap, parseLabelmap } from "../../../formats/mod.ts";
import { readSource } from "../../read-source.ts";
import type { Folders } from "../folders.ts";
import { isInside } from "../inside.ts";

/** A colour map under this name counts for its folder and those below. */
export const labelmapName = "labelmap.txt";

/** Finds and reads the labelmap.txt of masks, each once. */
export class Labelmaps {
  readonly #maps = new Map<string, Promise<ColourMap>>();
  readonly #folders: Folders;
  readonly #within: string;
  readonly #show: (path: string) => string;

  /** @param within absolute folder above which none is looked for */
  constructor(folders: Folders, within: string, show: (path: string) => string) {
    this.#folders = folders;
    this.#within = within;
    this.#show = show;
  }

  /**
   * The colour map of a mask: the nearest labelmap.txt in its folder or above.
   *
   * @throws {InputError} for one that cannot be read
   */
  async of(mask: string): Promise<ColourMap | undefined> {
    for (let folder = dirname(mask); isInside(folder, this.#within); folder = dirname(folder)) {
      const { files } = await this.#folders.look(folder);
      if (files.includes(labelmapName)) return this.#read(join(folder, labelmapName));
      if (folder === dirname(folder)) break;
    }
    return undefined;
  }

  #read(path: string): Promise<ColourMap> {
    const known = this.#maps.get(path);
    if (known !== undefined) return known;
    const map = readSource(path, "colour map").then(({ bytes }) =>
      parseLabelmap(this.#show(path), new TextDecoder().decode(bytes)),
    );
    this.#maps.set(path, map);
    return map;
  }
}
