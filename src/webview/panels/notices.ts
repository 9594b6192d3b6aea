/** Lines for the user, at the top of the page. */

import type { App } from "../app.ts";
import { button } from "../controls.ts";
import { element } from "../dom/element.ts";
import { icon } from "../dom/icons.ts";
import { t } from "../dom/t.ts";
import type { Notice } from "../state/page-state.ts";

/** The lines; a screen reader tells each once. */
export function notices({ store, actions }: App): HTMLElement {
  const root = element("div", { class: "notices", attributes: { "aria-live": "polite" } });
  const line = (notice: Notice): HTMLElement => {
    const { id, level, message, action } = notice;
    const made = element(
      "div",
      { class: `notice ${level}`, attributes: level === "error" ? { role: "alert" } : {} },
      icon(level),
      element("span", { class: "message", text: message }),
    );
    if (action) made.append(button(action.label, { onPress: () => actions.act(notice) }));
    const close = element(
      "button",
      {
        class: "icon-button",
        attributes: { type: "button", "aria-label": t("Dismiss"), title: t("Dismiss") },
        on: { click: () => actions.dismiss(id) },
      },
      icon("close"),
    );
    made.append(close);
    return made;
  };
  const lines = new Map<number, HTMLElement>();
  store.subscribe((state, before) => {
    if (state.notices === before.notices) return;
    const wanted = new Set(state.notices.map(({ id }) => id));
    for (const [id, made] of lines) {
      if (wanted.has(id)) continue;
      made.remove();
      lines.delete(id);
    }
    for (const notice of state.notices) {
      if (lines.has(notice.id)) continue;
      const made = line(notice);
      lines.set(notice.id, made);
      root.append(made);
    }
  });
  return root;
}
