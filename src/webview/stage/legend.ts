/** The colours and patterns of changes and contours, and how many pixels changed. */

import type { App } from "../app.ts";
import { element } from "../dom/element.ts";
import { t } from "../dom/t.ts";
import { changesOf } from "../masks/changes.ts";
import { countChanges } from "../masks/count-changes.ts";
import type { PageState } from "../state/page-state.ts";
import { watch } from "../state/store.ts";

type Entries = readonly (readonly [key: string, text: string])[];

/** The legend; it lies over the stage. */
export function legend({ store }: App): HTMLElement {
  const root = element("ul", { class: "legend", attributes: { "aria-label": t("Legend") } });
  const show = (state: PageState): void => {
    const entries = entriesOf(state);
    root.hidden = entries.length === 0;
    root.replaceChildren(
      ...entries.map(([key, text]) =>
        element("li", {}, element("span", { class: `key ${key}` }), element("span", { text })),
      ),
    );
  };
  watch(store, ["mode", "regions", "rejected", "holdCoarse", "showMasks", "view"], show);
  return root;
}

function entriesOf({ view, mode, regions, rejected, holdCoarse, showMasks }: PageState): Entries {
  if (view === undefined || holdCoarse || !showMasks) return [];
  if (mode === "contour") {
    return [
      ["line-coarse", t("Coarse (dashed)")],
      ["line-refined", t("Refined")],
    ];
  }
  if (mode !== "difference") return [];
  const changes = regions
    .filter(({ id }) => !rejected.has(id))
    .map(({ coarse, refined }) => changesOf(coarse, refined));
  const { added, removed, relabelled } = countChanges(changes, view.photo);
  return [
    ["added", t("Added {0} px", digits(added))],
    ["removed", t("Removed {0} px", digits(removed))],
    ...(relabelled > 0 ? [["relabelled", t("Other region {0} px", digits(relabelled))] as const] : []),
  ];
}

function digits(value: number): string {
  return value.toLocaleString("en");
}
