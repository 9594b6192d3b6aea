import type { Mask } from "../../../core/mask.ts";
import { decodeRuns, runArea } from "../../../core/run-length.ts";
import type { JsonLists } from "../../json-text/json-lists.ts";
import { nameSome } from "../../text/name-some.ts";
import { unusable } from "../../unusable.ts";
import type { AnnotatedPhoto, AnnotatedRegion, Size } from "../annotation-file.ts";
import { checkSize } from "../check-size.ts";
import { describeJson, isObject, type JsonObject, toLink, toObject, toSize } from "../json-values.ts";
import { type Entry, locateLists, locateResults } from "./locate-entries.ts";
import { kindOf, readSegmentation, statedSize } from "./segmentation.ts";

/** A region and where its annotation stands in the file. */
export interface CocoRegion extends AnnotatedRegion {
  /** Its number among all entries, see {@link JsonLists}. */
  readonly entry: number;
}

/** A photo whose regions know their place. */
export interface CocoPhoto extends AnnotatedPhoto {
  readonly regions: readonly CocoRegion[];
}

/** What a file says, as far as it is kept: the rest stays in its bytes. */
export interface CocoContent {
  readonly photos: readonly CocoPhoto[];
  readonly notes: readonly string[];
}

/** A photo that is being filled. */
interface Draft {
  readonly id: string;
  readonly link: string | undefined;
  size: Size | undefined;
  /** Whether the file describes it, or only its annotations name it. */
  readonly listed: boolean;
  readonly regions: CocoRegion[];
  /** Why none of its regions can be read. */
  broken?: { readonly found: string; readonly expected: string };
}

/**
 * The photos of an instances file.
 *
 * @throws {InputError} for text that is no JSON, a file without its lists, and images that cannot be told apart;
 *   what is wrong with one annotation only fails when its mask is asked for
 */
export function readInstances(name: string, json: JsonLists, preferUrl: boolean): CocoContent {
  const entries = locateLists(name, json);
  const categories = entries.get("categories");
  const names = categories === undefined ? undefined : readCategories(json, categories);
  const reader = new Reader(name, json, names);
  for (const entry of entries.get("images")!) reader.addImage(entry, preferUrl);
  for (const entry of entries.get("annotations")!) reader.addAnnotation(entry, "annotations");
  return reader.content();
}

/**
 * The photos of a result file, a list of annotations without anything on their images.
 *
 * @throws {InputError} for text that is no list in JSON
 */
export function readResults(name: string, json: JsonLists): CocoContent {
  const reader = new Reader(name, json, undefined);
  for (const entry of locateResults(name, json)) reader.addAnnotation(entry, "results");
  return reader.content();
}

/** Names of the classes by their ids. */
function readCategories(json: JsonLists, entries: readonly Entry[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const { entry } of entries) {
    const category = json.parse(entry);
    const id = isObject(category) ? toId(category["id"]) : undefined;
    if (id === undefined) continue;
    const { name } = category as JsonObject;
    names.set(id, typeof name === "string" ? name : id);
  }
  return names;
}

class Reader {
  readonly #name: string;
  readonly #json: JsonLists;
  /** Names by id; `undefined` where the file has no list of them. */
  readonly #categories: ReadonlyMap<string, string> | undefined;
  readonly #photos = new Map<string, Draft>();
  /** Ids that are taken, and how often each was asked for. */
  readonly #regions = new Map<string, number>();
  readonly #unplaced: string[] = [];
  readonly #unknown: string[] = [];
  readonly #repeated: string[] = [];
  readonly #classless: string[] = [];

  constructor(name: string, json: JsonLists, categories: ReadonlyMap<string, string> | undefined) {
    this.#name = name;
    this.#json = json;
    this.#categories = categories;
  }

  addImage(entry: Entry, preferUrl: boolean): void {
    const where = `${this.#name}, image ${entry.index + 1}`;
    const image = toObject(where, this.#json.parse(entry.entry));
    const id = toId(image["id"]);
    if (id === undefined) throw unusable(where, `the id ${describeJson(image["id"])}`, "a number");
    const link = linkOf(where, image, preferUrl);
    const size = toSize(where, image["width"], image["height"]);
    const known = this.#photos.get(id);
    if (known === undefined)
      this.#photos.set(id, { id: `images/${id}`, link, size, listed: true, regions: [] });
    else known.broken = { found: `two images with the id ${id}`, expected: "one" };
  }

  addAnnotation(entry: Entry, list: "annotations" | "results"): void {
    const value = this.#json.parse(entry.entry);
    const image = isObject(value) ? toId(value["image_id"]) : undefined;
    if (!isObject(value) || image === undefined) {
      this.#unplaced.push(`${list} entry ${entry.index + 1}`);
      return;
    }
    if (isObject(value["segments_info"]) || Array.isArray(value["segments_info"])) {
      throw unusable(this.#name, "a panoptic COCO file", "instances with a segmentation each");
    }
    const photo = this.#photoOf(image, list, entry.index);
    if (list === "results") photo.size ??= statedSize(value["segmentation"]);
    photo.regions.push(this.#region(value, entry, list, photo));
  }

  content(): CocoContent {
    const photos = [...this.#photos.values()];
    return {
      photos: photos.map(({ id, link, size, regions }) => ({ id, link, size, regions })),
      notes: this.#notes(),
    };
  }

  #photoOf(image: string, list: string, index: number): Draft {
    const known = this.#photos.get(image);
    if (known !== undefined) return known;
    const photo: Draft = {
      id: `images/${image}`,
      link: undefined,
      size: undefined,
      listed: false,
      regions: [],
    };
    if (list === "annotations") {
      photo.broken = { found: `the image_id ${image}`, expected: "the id of one of the images" };
      this.#unknown.push(`${list} entry ${index + 1}`);
    }
    this.#photos.set(image, photo);
    return photo;
  }

  #region(value: JsonObject, entry: Entry, list: string, photo: Draft): CocoRegion {
    const own = list === "results" ? undefined : toId(value["id"]);
    const id = this.#uniqueId(list, own ?? `#${entry.index + 1}`);
    const skip = skipOf(value);
    return {
      id,
      label: this.#label(value["category_id"], id),
      instance: own ?? String(entry.index + 1),
      ...(skip === undefined ? {} : { skip }),
      order: photo.regions.length,
      entry: entry.entry,
      mask: (wanted) => this.#mask(id, entry, photo, wanted),
    };
  }

  #mask(region: string, entry: Entry, photo: Draft, wanted: Size): Mask {
    const where = `${this.#name}, ${region}`;
    if (photo.broken) throw unusable(where, photo.broken.found, photo.broken.expected);
    const { segmentation } = toObject(where, this.#json.parse(entry.entry));
    // The size of a result's photo is only what its first mask says.
    const size = checkSize(where, wanted, photo.listed ? photo.size : undefined);
    const runs = readSegmentation(where, segmentation, size);
    if (kindOf(segmentation) !== "polygons" || runArea(runs) > 0) return decodeRuns(runs);
    throw unusable(
      where,
      "polygons without a pixel on the photo",
      `some within ${size.width}×${size.height}`,
    );
  }

  /** Name or number of a class: a number that the file does not explain says as much. */
  #label(category: unknown, region: string): string {
    const id = toId(category) ?? "";
    if (this.#categories !== undefined && !this.#categories.has(id)) this.#classless.push(region);
    return this.#categories?.get(id) ?? id;
  }

  /** The file may use an id twice: the place in the file tells them apart, at every reading alike. */
  #uniqueId(list: string, own: string): string {
    const wanted = `${list}/${own}`;
    let times = this.#regions.get(wanted) ?? 0;
    if (times > 0) this.#repeated.push(wanted);
    let id = wanted;
    for (; this.#regions.has(id); id = `${wanted} (${times})`) times++;
    this.#regions.set(id, 1).set(wanted, Math.max(1, times));
    return id;
  }

  #notes(): string[] {
    const sentences: [string[], string][] = [
      [this.#unplaced, "no object with an image_id, and left as it is"],
      [this.#unknown, "on an image that the file does not list"],
      [this.#classless, "a category_id that the file does not list"],
      [this.#repeated, "an id that comes again; the order in the file tells them apart"],
    ];
    return sentences.flatMap(([entries, what]) =>
      entries.length === 0 ? [] : [`${this.#name}: ${nameSome(entries)}: ${what}`],
    );
  }
}

/** Ids are numbers; some tools write them as text. */
function toId(id: unknown): string | undefined {
  if (typeof id === "number" && Number.isFinite(id)) return String(id);
  return typeof id === "string" && id !== "" ? id : undefined;
}

function skipOf(annotation: JsonObject): string | undefined {
  if (annotation["iscrowd"] === 1 || annotation["iscrowd"] === true) return "crowd";
  if (annotation["ignore"] === 1 || annotation["ignore"] === true) return "ignored";
  return kindOf(annotation["segmentation"]) === undefined ? "a box without a segmentation" : undefined;
}

/** LVIS names its photos by the tail of their address only. */
function linkOf(where: string, image: JsonObject, preferUrl: boolean): string | undefined {
  const file = toLink(where, image["file_name"]);
  const url = tailOf(image["coco_url"]);
  return preferUrl ? (url ?? file) : (file ?? url);
}

/** `train2017/1.jpg` of `http://images.cocodataset.org/train2017/1.jpg`. */
function tailOf(url: unknown): string | undefined {
  if (typeof url !== "string") return undefined;
  try {
    return decodeURIComponent(new URL(url).pathname).replace(/^\/+/, "") || undefined;
  } catch {
    return undefined;
  }
}
