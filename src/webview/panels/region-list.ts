/** All regions, sorted; only the lines on the screen exist. */
import type { RegionView } from "../../protocol/views.ts";
import type { App } from "../app.ts";
import { checkbox } from "../controls.ts";
import { element, setText } from "../dom/element.ts";
import { icon } from "../dom/icons.ts";
import { inOrder } from "../state/changes-of-state.ts";
import type { PageState, Sort, SortKey } from "../state/page-state.ts";
import { type RegionRow, regionRow } from "./region-row.ts";
import { section } from "./section.ts";
import { scrollTo, visibleRows } from "./visible-rows.ts";

/** As in the style sheet. */
const ROW_HEIGHT = 26;

const COLUMNS: readonly (readonly [key: SortKey, text: string, hint: string])[] = [
  ["name", "Region", "Class and name"],
  ["verdict", "Verdict", "What became of it"],
  ["coarseIoU", "Coarse", "IoU of the refined mask with the coarse one: 1.00 is the same"],
  ["predictedIoU", "Pred.", "SAM's own estimate of the mask's IoU"],
  ["doubt", "Doubt", "How much it deserves a look"],
];

/** The region list. */
export function regionList(app: App): HTMLElement {
  const { store, actions } = app;
  const follow = element("button", {
    class: "icon-button",
    attributes: {
      type: "button",
      title: "Zoom to each region that is selected",
      "aria-label": "Zoom to selection",
    },
    on: { click: () => followSelection(app) },
  });
  follow.append(icon("target"));
  const { root, body, note } = section("regions", "Regions", [follow]);
  const all = checkbox({ attributes: { "aria-label": "Accept all regions" } }, () => actions.toggleAll());
  const heads = COLUMNS.map(([key, text, hint]) => sortButton(key, text, hint, () => actions.sortBy(key)));
  const header = element(
    "div",
    { class: "region-row region-head", attributes: { role: "row", "aria-rowindex": "1" } },
    element("div", { class: "cell accept", attributes: { role: "columnheader" } }, all.root),
    ...heads.map(({ root: head }) => head),
  );
  const space = element("div", { class: "region-space", attributes: { role: "rowgroup" } });
  const list = element(
    "div",
    { class: "region-scroll", attributes: { tabindex: "0", role: "presentation" } },
    space,
  );
  const grid = element(
    "div",
    { class: "region-grid", attributes: { role: "grid", "aria-label": "Regions" } },
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
    list.setAttribute("aria-activedescendant", selected === undefined ? "" : `region-${selected}`);
  };
  const update = (state: PageState, before: PageState): void => {
    const { regions, sort, rejected, selected } = state;
    if (regions !== before.regions || sort !== before.sort) {
      order = inOrder(regions, sort);
      space.style.height = `${order.length * ROW_HEIGHT}px`;
      grid.setAttribute("aria-rowcount", String(order.length + 1));
      heads.forEach(({ show }) => void show(sort));
    }
    if (state.followSelection !== before.followSelection) pressed(follow, state.followSelection);
    const relevant = regions !== before.regions || sort !== before.sort || rejected !== before.rejected;
    if (!relevant && selected === before.selected) return;
    const accepted = regions.length - rejected.size;
    setText(note, regions.length === 0 ? "" : `${accepted} of ${regions.length} accepted`);
    all.set(rejected.size === 0);
    if (selected !== before.selected) {
      const index = order.findIndex(({ id }) => id === selected);
      if (index >= 0) list.scrollTop = scrollTo(index, list.scrollTop, list.clientHeight, ROW_HEIGHT);
    }
    draw();
  };
  store.subscribe(update);
  list.addEventListener("scroll", draw, { passive: true });
  new ResizeObserver(draw).observe(list);
  list.addEventListener("keydown", (event) => {
    if (!listKey(app, event, Math.max(Math.floor(list.clientHeight / ROW_HEIGHT) - 1, 1))) return;
    event.preventDefault();
    event.stopPropagation();
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
  const far = (by: 1 | -1, times: number): void => {
    const order = inOrder(store.state.regions, store.state.sort);
    const at = order.findIndex(({ id }) => id === store.state.selected);
    actions.select(order[Math.min(Math.max(at + by * times, 0), order.length - 1)]?.id);
  };
  const byKey: Readonly<Record<string, () => void>> = {
    ArrowDown: () => actions.step(1),
    ArrowUp: () => actions.step(-1),
    PageDown: () => far(1, page),
    PageUp: () => far(-1, page),
    Home: () => far(-1, store.state.regions.length),
    End: () => far(1, store.state.regions.length),
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
