/** All regions, sorted; only the lines on the screen exist. */

import type { RegionView } from "../../protocol/views.ts";
import type { App } from "../app.ts";
import { checkbox } from "../controls.ts";
import { element, setText } from "../dom/element.ts";
import { icon } from "../dom/icons.ts";
import { t } from "../dom/t.ts";
import type { PageState, Sort, SortKey } from "../state/page-state.ts";
import { watch } from "../state/store.ts";
import { type RegionRow, regionRow } from "./region-row.ts";
import { section } from "./section.ts";
import { scrollTo, visibleRows } from "./visible-rows.ts";

/** As in the style sheet. */
const ROW_HEIGHT = 26;

const COLUMNS: readonly (readonly [key: SortKey, text: string, hint: string])[] = [
  ["name", t("Region"), t("Class and name")],
  ["verdict", t("Verdict"), t("What became of it")],
  ["coarseIoU", t("Coarse"), t("IoU of the refined mask with the coarse one: 1.00 is the same")],
  ["predictedIoU", t("Pred."), t("SAM's own estimate of the mask's IoU")],
  ["doubt", t("Doubt"), t("How much it deserves a look")],
];

/** The region list. */
export function regionList(app: App): HTMLElement {
  const { store, actions } = app;
  const follow = element("button", {
    class: "icon-button",
    attributes: {
      type: "button",
      title: t("Zoom to each region that is selected"),
      "aria-label": t("Zoom to selection"),
    },
    on: { click: () => followSelection(app) },
  });
  follow.append(icon("target"));
  const { root, body, note } = section("regions", t("Regions"), [reviewSteps(app), follow]);
  const all = checkbox({ attributes: { "aria-label": t("Accept all regions") } }, () => actions.toggleAll());
  const heads = COLUMNS.map(([key, text, hint]) => sortButton(key, text, hint, () => actions.sortBy(key)));
  const header = element(
    "div",
    { class: "region-row region-head", attributes: { role: "row", "aria-rowindex": "1" } },
    element("div", { class: "cell accept", attributes: { role: "columnheader" } }, all.root),
    ...heads.map(({ root: head }) => head),
  );
  const space = element("div", { class: "region-space", attributes: { role: "rowgroup" } });
  const list = element("div", { class: "region-scroll", attributes: { role: "presentation" } }, space);
  const grid = element(
    "div",
    { class: "region-grid", attributes: { role: "grid", tabindex: "0", "aria-label": t("Regions") } },
    header,
    list,
  );
  body.append(grid);

  const rows: RegionRow[] = [];
  let order: readonly RegionView[] = [];
  const draw = (): void => {
    const { rejected, selected } = store.state;
    const [from, to] = visibleRows(list.scrollTop, list.clientHeight, ROW_HEIGHT, order.length);
    while (rows.length < to - from) rows.push(regionRow(app));
    const shown = rows.slice(0, to - from);
    shown.forEach((row, i) => {
      const region = order[from + i]!;
      const accepted = !rejected.has(region.id);
      row.show({ region, index: from + i, accepted, selected: region.id === selected });
    });
    if (space.childElementCount !== shown.length) space.replaceChildren(...shown.map(({ root: row }) => row));
    grid.setAttribute("aria-activedescendant", selected === undefined ? "" : `region-${selected}`);
  };
  const reveal = (): void => {
    const index = order.findIndex(({ id }) => id === store.state.selected);
    if (index >= 0) list.scrollTop = scrollTo(index, list.scrollTop, list.clientHeight, ROW_HEIGHT);
  };
  const update = (state: PageState, before: PageState): void => {
    const { regions, sort, rejected, selected } = state;
    if (regions !== before.regions || state.order !== before.order) {
      const byId = new Map(regions.map((region) => [region.id, region]));
      order = state.order.flatMap((id) => byId.get(id) ?? []);
      space.style.height = `${order.length * ROW_HEIGHT}px`;
      grid.setAttribute("aria-rowcount", String(order.length + 1));
      heads.forEach(({ show }) => void show(sort));
    }
    if (state.followSelection !== before.followSelection) pressed(follow, state.followSelection);
    const relevant =
      regions !== before.regions || state.order !== before.order || rejected !== before.rejected;
    if (!relevant && selected === before.selected) return;
    const accepted = regions.length - rejected.size;
    setText(note, regions.length === 0 ? "" : t("{0} of {1} accepted", accepted, regions.length));
    all.set(rejected.size === 0);
    if (sort !== before.sort) list.scrollTop = 0;
    else if (selected !== before.selected) reveal();
    draw();
  };
  store.subscribe(update);
  list.addEventListener("scroll", draw, { passive: true });
  // What is told of another region may take more room below.
  new ResizeObserver(() => {
    reveal();
    draw();
  }).observe(list);
  grid.addEventListener("keydown", (event) => {
    if (event.target !== grid) return;
    if (!listKey(app, event, Math.max(Math.floor(list.clientHeight / ROW_HEIGHT) - 1, 1))) return;
    event.preventDefault();
    event.stopPropagation();
  });
  return root;
}

/** The photos before and after, in a review. */
function reviewSteps({ store, actions }: App): HTMLElement {
  const step = (by: 1 | -1, label: string): HTMLElement =>
    element(
      "button",
      {
        class: `icon-button ${by < 0 ? "back" : ""}`,
        attributes: { type: "button", title: label, "aria-label": label },
        on: { click: () => actions.stepReview(by) },
      },
      icon("chevron"),
    );
  const root = element(
    "div",
    { class: "group" },
    step(-1, t("Previous photo of the review (Shift+K)")),
    step(1, t("Next photo of the review (Shift+J)")),
  );
  watch(store, ["source"], ({ source }) => {
    root.hidden = source?.journal === undefined;
  });
  return root;
}

function followSelection({ store, actions }: App): void {
  const followed = !store.state.followSelection;
  store.update({ followSelection: followed });
  if (followed) actions.zoomToRegion(store.state.selected);
}

/** Keys of the list; whether it was one. */
function listKey({ store, actions }: App, event: KeyboardEvent, page: number): boolean {
  const all = store.state.regions.length;
  const byKey: Readonly<Record<string, () => void>> = {
    ArrowDown: () => actions.step(1),
    ArrowUp: () => actions.step(-1),
    PageDown: () => actions.step(page),
    PageUp: () => actions.step(-page),
    Home: () => actions.step(-all),
    End: () => actions.step(all),
    " ": () => actions.toggle(),
    Enter: () => actions.zoomToRegion(store.state.selected),
  };
  const action = event.ctrlKey || event.altKey || event.metaKey ? undefined : byKey[event.key];
  action?.();
  return action !== undefined;
}

/** The head of a column, which sorts by it. */
function sortButton(
  key: SortKey,
  text: string,
  hint: string,
  onPress: () => void,
): { readonly root: HTMLElement; readonly show: (sort: Sort) => void } {
  const head = element(
    "div",
    { class: `cell head-${key}`, attributes: { role: "columnheader" } },
    element("button", { text, attributes: { type: "button", title: hint }, on: { click: onPress } }),
  );
  return {
    root: head,
    show: ({ key: by, descending }) => {
      const order = by === key ? (descending ? "descending" : "ascending") : "none";
      head.setAttribute("aria-sort", order);
    },
  };
}

/** Shows whether a button is down. */
export function pressed(target: Element, on: boolean): void {
  target.setAttribute("aria-pressed", String(on));
}
