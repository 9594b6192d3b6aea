/** The masks of all regions as pictures to lay over the photo. */
import type { RegionView } from "../../protocol/views.ts";
import { COARSE, REFINED, RELABELLED } from "../../render/theme.ts";
import { changesOf } from "../masks/changes.ts";
import { spansOf } from "../masks/spans.ts";
import type { PageState } from "../state/page-state.ts";
import type { Box } from "../types.ts";
import { haloInk, hexColour, ink } from "./ink.ts";
import { paintChanges } from "./paint-changes.ts";
import { paintShapes, type Shape } from "./paint-shapes.ts";
import { TileLayer } from "./tile-layer.ts";

/** Which of both masks: as the file has it, or as it would be written. */
export type Side = "coarse" | "result";

/** What the layers show; a part of the page's state. */
export type LayerState = Pick<PageState, "regions" | "rejected" | "selected">;

const FILL_OPACITY = 0.42;
const GROUND_OPACITY = 0.72;
const selected = { fill: 0, edge: ink([255, 255, 255]), halo: ink([0, 0, 0], 0.75) };
const line = {
  coarse: { fill: 0, edge: ink(COARSE), halo: haloInk(COARSE) },
  result: { fill: 0, edge: ink(REFINED), halo: haloInk(REFINED) },
} as const;
const changeInks = {
  added: [ink(REFINED, GROUND_OPACITY), ink([225, 245, 255])],
  removed: [ink(COARSE, GROUND_OPACITY), ink([70, 30, 0])],
  relabelled: [ink(RELABELLED, GROUND_OPACITY), ink([60, 50, 0])],
} as const;

/** All layers; {@link set} keeps them up to date. */
export class MaskLayers {
  /** In class colours. */
  readonly filled: Readonly<Record<Side, TileLayer>>;
  /** Outlines alone. */
  readonly lines: Readonly<Record<Side, TileLayer>>;
  /** The outline of the selected region. */
  readonly selection: Readonly<Record<Side, TileLayer>>;
  /** Added, removed and relabelled pixels. */
  readonly changes: TileLayer;
  #state: LayerState = { regions: [], rejected: new Set(), selected: undefined };
  /** Large ones first, so that none covers a smaller one. */
  #order: readonly RegionView[] = [];

  constructor() {
    const bySide = (make: (side: Side) => TileLayer) => ({ coarse: make("coarse"), result: make("result") });
    this.filled = bySide((side) => new TileLayer((tile) => paintShapes(this.#fills(side), {}, tile)));
    this.lines = bySide(
      (side) =>
        new TileLayer((tile) => paintShapes(this.#outlines(side), { dashed: side === "coarse" }, tile)),
    );
    this.selection = bySide((side) => new TileLayer((tile) => paintShapes(this.#selected(side), {}, tile)));
    this.changes = new TileLayer((tile) =>
      paintChanges(
        this.#order
          .filter(({ id }) => !this.#state.rejected.has(id))
          .map(({ coarse, refined }) => changesOf(coarse, refined)),
        changeInks,
        tile,
      ),
    );
  }

  /** Takes regions, decisions and selection; what differs is painted anew. */
  set(state: LayerState): void {
    const before = this.#state;
    if (before.regions !== state.regions) this.#order = [...state.regions].sort((a, b) => b.area - a.area);
    this.#state = state;
    for (const box of changedBoxes(before, state)) {
      for (const layer of this.#masks()) layer.invalidate(box);
    }
    if (before.selected !== state.selected) this.#invalidateSelection();
  }

  /** Another photo. */
  clear(): void {
    for (const layer of this.#masks()) layer.invalidate();
    this.#invalidateSelection();
  }

  #masks(): readonly TileLayer[] {
    const sides = [this.filled, this.lines, this.selection].flatMap(({ coarse, result }) => [coarse, result]);
    return [...sides, this.changes];
  }

  #invalidateSelection(): void {
    this.selection.coarse.invalidate();
    this.selection.result.invalidate();
  }

  #spans(region: RegionView, side: Side) {
    const coarse = side === "coarse" || this.#state.rejected.has(region.id);
    return spansOf(coarse ? region.coarse : region.refined);
  }

  #fills(side: Side): Shape[] {
    return this.#order.map((region) => {
      const colour = hexColour(region.colour);
      const inks = { fill: ink(colour, FILL_OPACITY), edge: ink(colour), halo: haloInk(colour) };
      return { spans: this.#spans(region, side), ...inks };
    });
  }

  #outlines(side: Side): Shape[] {
    return this.#order.map((region) => ({ spans: this.#spans(region, side), ...line[side] }));
  }

  #selected(side: Side): Shape[] {
    const region = this.#state.regions.find(({ id }) => id === this.#state.selected);
    return region ? [{ spans: this.#spans(region, side), ...selected }] : [];
  }
}

/** Boxes of the regions that look different. */
function changedBoxes(before: LayerState, after: LayerState): Box[] {
  const old = new Map(before.regions.map((region) => [region.id, region]));
  const boxes: (Box | undefined)[] = [];
  for (const region of after.regions) {
    const was = old.get(region.id);
    old.delete(region.id);
    const same =
      was?.coarse === region.coarse &&
      was.refined === region.refined &&
      was.colour === region.colour &&
      before.rejected.has(region.id) === after.rejected.has(region.id);
    if (!same) boxes.push(was?.coarse.box, was?.refined.box, region.coarse.box, region.refined.box);
  }
  for (const gone of old.values()) boxes.push(gone.coarse.box, gone.refined.box);
  return boxes.filter((box) => box !== undefined);
}
