/** Tells screen readers what changed. */

import type { App } from "../app.ts";
import { MODES } from "../keys/key-map.ts";
import { rowWords } from "../panels/row-words.ts";
import type { PageState } from "../state/page-state.ts";
import { selectedRegion } from "../state/selected-region.ts";
import { element, setText } from "./element.ts";
import { t } from "./t.ts";

/** Milliseconds without a change before it is told: figures of a moving slider are noise. */
const WAIT = 250;

/** The sentence for a change; `undefined` when there is nothing to tell. */
export function announcement(state: PageState, before: PageState): string | undefined {
  const region = selectedRegion(state);
  if (region && (region !== selectedRegion(before) || state.rejected !== before.rejected)) {
    return rowWords(region, !state.rejected.has(region.id));
  }
  if (state.regions !== before.regions && before.regions.length > 0) return t("Masks refined");
  if (state.mode !== before.mode) return MODES.find(([mode]) => mode === state.mode)?.[1];
  if (state.holdCoarse !== before.holdCoarse) return state.holdCoarse ? t("Coarse mask") : undefined;
  if (state.viewport && before.viewport && state.viewport.scale !== before.viewport.scale)
    return `${Math.round(100 * state.viewport.scale)} %`;
  return undefined;
}

/** The region that is read out. */
export function liveRegion({ store }: App): HTMLElement {
  const root = element("div", { class: "visually-hidden", attributes: { role: "status" } });
  let timer: ReturnType<typeof setTimeout> | undefined;
  store.subscribe((state, before) => {
    const text = announcement(state, before);
    if (text === undefined) return;
    clearTimeout(timer);
    timer = setTimeout(() => setText(root, text), WAIT);
  });
  return root;
}
