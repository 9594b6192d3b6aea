import { runIntersection } from "../../../core/metrics/run-iou.ts";
import type { RunLengthMask } from "../../../core/run-length.ts";
import { keyhole } from "../../geometry/keyhole.ts";
import { ringArea } from "../../geometry/leave-out-specks.ts";
import { rasterizePolygons } from "../../geometry/rasterize-polygon.ts";
import type { ListChanges } from "../../json-text/edit-list.ts";
import type { NewValues } from "../../json-text/set-values.ts";
import type { GeometryOptions } from "../annotation-file.ts";
import { type Extent, extentOf, matchParts } from "../match-parts.ts";
import { toPairs } from "../region-geometry.ts";
import { bridgedHoles, joinedParts, type Remark, type Remarks } from "../remarks.ts";
import { traceOutlines } from "../trace-parts.ts";
import { Grounds } from "./grounds.ts";
import { background, type IsatObject, type IsatRegion, readPolygon } from "./read-regions.ts";

/** A file and what is to become of it. */
export interface ObjectsToRewrite {
  /** What messages call the file. */
  readonly name: string;
  readonly objects: readonly IsatObject[];
  readonly regions: readonly IsatRegion[];
  readonly accepted: ReadonlyMap<string, RunLengthMask>;
  readonly options: GeometryOptions;
  readonly remarks: Remarks;
}

/** A connected part: its polygon, and holes that become objects of the background. */
interface Part {
  readonly polygon: readonly number[];
  readonly holes: readonly (readonly number[])[];
  /** Holes that a bridge leads into. */
  readonly bridged: number;
}

/** What all parts of a region get; `undefined` leaves it to each part's object. */
interface Placing {
  readonly layer: number | undefined;
  readonly group: number | undefined;
}

/** The changes that give regions other pixels; their objects keep everything else. */
export function rewriteObjects(file: ObjectsToRewrite): ListChanges {
  const grounds = new Grounds(file.name, file.regions, file.accepted);
  const groups = { last: lastGroup(file.objects) };
  const changes = file.regions
    .filter(({ id }) => file.accepted.has(id))
    .map((region) => rewriteRegion(region, file, grounds, groups));
  const removedGrounds = grounds.removed.map(({ index }) => index);
  return {
    replaced: changes.flatMap(({ replaced }) => replaced),
    removed: [...removedGrounds, ...changes.flatMap(({ removed }) => removed)],
    added: changes.flatMap(({ added }) => added),
  };
}

/** The highest whole number among the groups, 0 for none. */
function lastGroup(objects: readonly IsatObject[]): number {
  const groups = objects.map(({ group }) => Number(group ?? 0)).filter(Number.isSafeInteger);
  return groups.reduce((a, b) => Math.max(a, b), 0);
}

function rewriteRegion(
  region: IsatRegion,
  file: ObjectsToRewrite,
  grounds: Grounds,
  groups: { last: number },
): ListChanges {
  const mask = file.accepted.get(region.id)!;
  const parts = traceLayers(region, mask, grounds, file);
  const above = grounds.layerAbove(mask);
  const covered = above !== undefined && region.objects.some(({ layer }) => layer <= above);
  const joins = parts.length > 1 && region.objects[0]!.group === undefined;
  const placing = { layer: covered ? above + 0.5 : undefined, group: joins ? ++groups.last : undefined };
  describeChange(region.id, parts, placing, file);
  return replaceObjects(file.name, region.objects, parts, placing);
}

/** A mask's parts; a hole becomes an object of the background where that cuts into nothing else. */
function traceLayers(
  region: IsatRegion,
  mask: RunLengthMask,
  grounds: Grounds,
  { options, remarks }: ObjectsToRewrite,
): Part[] {
  // Only exact rings tell what lies in a hole.
  const { simple: traced, exact } = traceOutlines(region.id, mask, options, remarks);
  const isFree = (hole: number[], whole: number[]): boolean =>
    runIntersection(rasterizePolygons([whole], mask), mask) === 0 &&
    !grounds.holdsOthers([hole, whole], region);
  return traced.map(({ outer, holes }, i): Part => {
    const free = holes.map((hole, k) => isFree(hole, exact[i]!.holes[k]!));
    const bridged = holes.filter((_, k) => !free[k]);
    return {
      polygon: bridged.length === 0 ? outer : keyhole(outer, bridged),
      holes: holes.filter((_, k) => free[k]),
      bridged: bridged.length,
    };
  });
}

function replaceObjects(
  name: string,
  objects: readonly IsatObject[],
  parts: readonly Part[],
  placing: Placing,
): ListChanges {
  const matches = matchParts(
    objects.map((object) => objectExtent(name, object)),
    parts.map(({ polygon }) => extentOf(polygon)),
  );
  // The last object that stays: new ones follow it.
  const anchor = objects.findLast((_, k) => matches.includes(k))!;
  const sources = matches.map((match) => (match === undefined ? anchor : objects[match]!));
  const copy = (values: NewValues): ListChanges["added"][number] => ({
    after: anchor.index,
    copyOf: anchor.index,
    values,
  });
  return {
    replaced: parts.flatMap(({ polygon }, i) =>
      matches[i] === undefined
        ? []
        : [{ index: sources[i]!.index, values: partValues(sources[i]!, polygon, placing) }],
    ),
    removed: objects.filter((_, k) => !matches.includes(k)).map(({ index }) => index),
    added: parts.flatMap(({ polygon, holes }, i) => [
      ...(matches[i] === undefined ? [copy(partValues(anchor, polygon, placing))] : []),
      ...holes.map((hole) => copy(holeValues(anchor, hole, placing.layer ?? sources[i]!.layer, placing))),
    ]),
  };
}

function objectExtent(name: string, object: IsatObject): Extent {
  try {
    return extentOf(readPolygon(name, object));
  } catch {
    // What is broken overlaps nothing.
    return extentOf([]);
  }
}

function partValues({ value }: IsatObject, polygon: readonly number[], { layer, group }: Placing): NewValues {
  const values: [path: string[], value: unknown][] = [[["segmentation"], toPairs(polygon)]];
  if ("area" in value) values.push([["area"], ringArea(polygon)]);
  if ("bbox" in value) values.push([["bbox"], extentOf(polygon)]);
  if (layer !== undefined) values.push([["layer"], layer]);
  if (group !== undefined) values.push([["group"], group]);
  return values;
}

/** The object of the background that makes a hole: between its part's layer and the next one. */
function holeValues(
  source: IsatObject,
  hole: readonly number[],
  layer: number,
  { group }: Placing,
): NewValues {
  return [[["category"], background], ...partValues(source, hole, { layer: layer + 0.5, group })];
}

const raised: Remark = (regions) => `raised above background that would cut them: ${regions}`;
const outlinesOnly: Remark = (regions) => `outlines stay outlines, for ISAT has no masks: ${regions}`;

function describeChange(
  region: string,
  parts: readonly Part[],
  { layer, group }: Placing,
  { options, remarks }: ObjectsToRewrite,
): void {
  const holes = parts.reduce((sum, { bridged }) => sum + bridged, 0);
  if (holes > 0) remarks.add(bridgedHoles, region, holes);
  if (group !== undefined) remarks.add(joinedParts, `${region} (${parts.length}, group ${group})`);
  if (layer !== undefined) remarks.add(raised, `${region} (layer ${layer})`);
  if (options.geometry === "mask") remarks.add(outlinesOnly, region);
}
