/** The line that tells what is under the pointer, and how large the photo is seen. */

import type { SessionView } from "../../protocol/views.ts";
import type { App } from "../app.ts";
import { element, setText } from "../dom/element.ts";
import { icon } from "../dom/icons.ts";
import { t } from "../dom/t.ts";
import { photoColour } from "../draw/photo-pyramid.ts";
import { hasPixel, spansOf } from "../masks/spans.ts";
import { capitalised } from "../panels/figures.ts";
import { nameOf } from "../state/changes-of-state.ts";
import type { PageState } from "../state/page-state.ts";
import type { Place } from "../types.ts";
import type { CanvasView } from "./canvas-view.ts";

/** The names of regions on a pixel before and after. */
export function regionsOn(
  { regions, rejected }: Pick<PageState, "regions" | "rejected">,
  pixel: Place,
): { readonly coarse: string; readonly refined: string } {
  const names = (side: "coarse" | "refined"): string =>
    regions
      .filter((region) => {
        const mask = side === "coarse" || rejected.has(region.id) ? region.coarse : region.refined;
        return hasPixel(spansOf(mask), pixel);
      })
      .map(nameOf)
      .join(", ") || "–";
  return { coarse: names("coarse"), refined: names("refined") };
}

/** The status line. */
export function readout({ store }: App, view: Pick<CanvasView, "photo">): HTMLElement {
  const place = element("span", { class: "place" });
  const swatch = element("span", { class: "swatch" });
  const colour = element("span", { class: "colour" });
  const labels = element("span", { class: "labels" });
  const time = element("span", { class: "time" });
  const size = element("span", { class: "size" });
  const format = element("span", { class: "format" });
  const root = element("footer", { class: "readout" }, place, swatch, colour, labels, time, format, size);

  const showCursor = (state: PageState): void => {
    const { cursor } = state;
    const rgb = cursor && view.photo ? photoColour(view.photo, cursor) : undefined;
    swatch.hidden = rgb === undefined;
    if (cursor === undefined || rgb === undefined) {
      for (const part of [place, colour, labels]) setText(part, "");
      return;
    }
    setText(place, `x ${cursor.x}  y ${cursor.y}`);
    swatch.style.backgroundColor = `rgb(${rgb.join(", ")})`;
    setText(colour, `RGB ${rgb.join(" ")}`);
    const { coarse, refined } = regionsOn(state, cursor);
    setText(labels, coarse === refined ? coarse : `${coarse} → ${refined}`);
    labels.title = t("Coarse: {0}. Refined: {1}.", coarse, refined);
  };
  store.subscribe((state, before) => {
    if (state.cursor !== before.cursor || state.regions !== before.regions) showCursor(state);
    const { view: opened, timings } = state;
    if (opened === undefined) return;
    if (opened !== before.view) showFormat(format, opened);
    setText(size, `${opened.photo.width} × ${opened.photo.height}`);
    const { progress } = state;
    if (progress) setText(time, capitalised(progress.stage));
    else if (timings) setText(time, `${opened.device.toUpperCase()} ${seconds(timings.total)}`);
  });
  return root;
}

/** What the masks' files are; what their readers had to decide is in the tooltip. */
function showFormat(target: HTMLElement, { masks }: SessionView): void {
  const notes = masks.flatMap((mask) => mask.notes);
  setText(target, [...new Set(masks.map(({ format }) => format))].join(", "));
  target.title = [...masks.map(({ path, mode }) => `${path} (${mode})`), ...notes].join("\n");
  if (notes.length > 0) target.append(icon("info"));
}

function seconds(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
