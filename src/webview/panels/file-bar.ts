/** Accept and restore. */

import type { App } from "../app.ts";
import { button } from "../controls.ts";
import { element, setText } from "../dom/element.ts";
import { t } from "../dom/t.ts";
import type { PageState } from "../state/page-state.ts";
import { watch } from "../state/store.ts";

/** The text of the accept button. */
export function acceptText({ regions, rejected }: Pick<PageState, "regions" | "rejected">): string {
  if (rejected.size === 0) return regions.length === 1 ? t("Accept") : t("Accept all {0}", regions.length);
  return t("Accept {0} of {1}", regions.length - rejected.size, regions.length);
}

/** The bar at the side bar's foot. */
export function fileBar({ store, actions }: App): HTMLElement {
  const accept = button(t("Accept"), {
    look: "primary",
    class: "accept-button",
    attributes: { title: t("Write the accepted regions (Ctrl+Enter)") },
    onPress: () => actions.save(),
  });
  const one = button(t("Only this"), {
    attributes: { title: t("Write the selected region alone; all others keep their coarse mask") },
    onPress: () => actions.saveSelected(),
  });
  const restore = button(t("Restore"), {
    attributes: { title: t("Bring the original mask back") },
    onPress: () => actions.restore(),
  });
  const root = element("div", { class: "file-bar" }, accept, one, restore);
  const show = (state: PageState): void => {
    setText(accept, acceptText(state));
    const idle = state.view !== undefined && !state.saving;
    accept.toggleAttribute("disabled", !idle);
    one.toggleAttribute("disabled", !idle || state.selected === undefined);
    // In a review regions are decided one by one: all others would be rejected.
    one.hidden = state.regions.length < 2 || state.source?.journal !== undefined;
    restore.toggleAttribute("disabled", !idle);
  };
  watch(store, ["regions", "rejected", "selected", "saving", "source", "view"], show);
  return root;
}
