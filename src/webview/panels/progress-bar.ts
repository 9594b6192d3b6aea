/** A thin line at the top while the host works, as VS Code has it. */

import type { App } from "../app.ts";
import { element } from "../dom/element.ts";
import { t } from "../dom/t.ts";
import { watch } from "../state/store.ts";

/** The line. */
export function progressBar({ store }: App): HTMLElement {
  const bit = element("div", { class: "progress-bit" });
  const root = element(
    "div",
    { class: "progress", attributes: { role: "progressbar", "aria-label": t("Working") } },
    bit,
  );
  const show = (): void => {
    const { progress, refining, saving } = store.state;
    const known = progress !== undefined && progress.total > 0 && progress.done > 0;
    root.classList.toggle("on", refining > 0 || saving || progress !== undefined);
    root.classList.toggle("known", known);
    root.setAttribute("aria-label", progress ? progress.stage : t("Refining"));
    bit.style.width = known ? `${(100 * progress.done) / progress.total}%` : "";
    if (known) root.setAttribute("aria-valuenow", String(Math.round((100 * progress.done) / progress.total)));
    else root.removeAttribute("aria-valuenow");
  };
  watch(store, ["progress", "refining", "saving"], show);
  return root;
}
