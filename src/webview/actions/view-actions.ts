/** Moving over the photo. */
import { panesOf } from "../geometry/panes.ts";
import { fitBox, fitPhoto, inside, type Pane, panBy, zoomAt } from "../geometry/viewport.ts";
import type { PageState } from "../state/page-state.ts";
import type { Store } from "../state/store.ts";
import type { Place } from "../types.ts";

/** What changes the part of the photo that is seen. */
export interface ViewActions {
  /** Zooms around a place of a pane; its middle when absent. */
  zoom(factor: number, at?: Place, pane?: Pane): void;
  /** Moves the photo by screen pixels. */
  pan(dx: number, dy: number): void;
  fit(): void;
  /** One screen pixel for one photo pixel. */
  actualSize(): void;
  zoomToRegion(id: number | undefined): void;
}

/** Acts on a store; nothing happens before there is a photo and a stage. */
export function viewActions(store: Store<PageState>): ViewActions {
  const pane = (): Pane => panesOf(store.state.mode, store.state.stage)[0];
  const middle = ({ x, y, width, height }: Pane): Place => ({ x: x + width / 2, y: y + height / 2 });
  return {
    zoom: (factor, at, of = pane()) => {
      const { view, viewport } = store.state;
      if (view === undefined || viewport === undefined) return;
      store.update({ viewport: zoomAt(viewport, view.photo, of, at ?? middle(of), factor), fitted: false });
    },
    pan: (dx, dy) => {
      const { view, viewport } = store.state;
      if (view === undefined || viewport === undefined) return;
      store.update({ viewport: panBy(viewport, view.photo, dx, dy), fitted: false });
    },
    fit: () => {
      const { view } = store.state;
      if (view) store.update({ viewport: fitPhoto(view.photo, pane()), fitted: true });
    },
    actualSize: () => {
      const { view, viewport } = store.state;
      if (view && viewport)
        store.update({ viewport: inside({ ...viewport, scale: 1 }, view.photo), fitted: false });
    },
    zoomToRegion: (id) => {
      const { view, regions } = store.state;
      const region = regions.find((candidate) => candidate.id === id);
      if (view && region) store.update({ viewport: fitBox(region.box, view.photo, pane()), fitted: false });
    },
  };
}
