/** A part of the side bar that can be folded, as VS Code's views are. */
import { element } from "../dom/element.ts";
import { icon } from "../dom/icons.ts";

/** A section's parts. */
export interface Section {
  readonly root: HTMLElement;
  readonly body: HTMLElement;
  /** Beside the title. */
  readonly note: HTMLElement;
}

/** A section; `tools` stand at the right of its title. */
export function section(name: string, title: string, tools: readonly Node[] = []): Section {
  const body = element("div", { class: "section-body", attributes: { id: `section-${name}` } });
  const note = element("span", { class: "section-note" });
  const toggle = element(
    "button",
    {
      class: "section-toggle",
      attributes: { type: "button", "aria-expanded": "true", "aria-controls": body.id },
      on: {
        click: () => {
          body.hidden = !body.hidden;
          toggle.setAttribute("aria-expanded", String(!body.hidden));
          root.classList.toggle("folded", body.hidden);
        },
      },
    },
    icon("chevron"),
    element("span", { text: title }),
    note,
  );
  const heading = element("h2", {}, toggle);
  const head = element("div", { class: "section-head" }, heading, ...tools);
  const root = element(
    "section",
    { class: `section ${name}`, attributes: { "aria-label": title } },
    head,
    body,
  );
  return { root, body, note };
}
