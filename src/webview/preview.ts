/** The preview page. */
import "./preview.css";

import { loadPictures } from "./actions/load-pictures.ts";
import { pageActions } from "./actions/page-actions.ts";
import type { App } from "./app.ts";
import { registerControls } from "./controls.ts";
import { element } from "./dom/element.ts";
import { liveRegion } from "./dom/live-region.ts";
import { t } from "./dom/t.ts";
import { connectHost } from "./host/host.ts";
import { debounce } from "./host/latest.ts";
import { pageHandlers } from "./host/page-handlers.ts";
import { helpOverlay } from "./keys/help.ts";
import { listenToKeys } from "./keys/listen.ts";
import { fileBar } from "./panels/file-bar.ts";
import { methodPanel } from "./panels/method-panel.ts";
import { progressBar } from "./panels/progress-bar.ts";
import { regionList } from "./panels/region-list.ts";
import { regionPanel } from "./panels/region-panel.ts";
import { toolbar } from "./panels/toolbar.ts";
import { stage } from "./stage/stage.ts";
import { keptState, shown } from "./state/changes-of-state.ts";
import { initialState } from "./state/page-state.ts";
import { createStore } from "./state/store.ts";

registerControls();

const store = createStore(initialState(matchMedia("(prefers-reduced-motion: reduce)").matches));
const host = connectHost(pageHandlers(() => app));
const app: App = { store, actions: pageActions(store, host) };
const { root, surface, photo } = stage(app);
document.body.append(
  progressBar(app),
  toolbar(app),
  element(
    "div",
    { class: "columns" },
    root,
    element(
      "aside",
      { class: "side-bar", attributes: { "aria-label": t("Regions and method") } },
      element("div", { class: "side-scroll" }, regionList(app), regionPanel(app, photo), methodPanel(app)),
      fileBar(app),
    ),
  ),
  helpOverlay(app),
  liveRegion(app),
);
listenToKeys(app, surface);
loadPictures(store, host, app.actions.failed);

const keep = debounce(() => {
  const state = keptState(store.state);
  if (state) host.keep(state);
}, 200);
store.subscribe(keep);

host
  .request("ready", { state: host.kept })
  .then(({ view, title, state }) => store.update(shown(store.state, view, title, state ?? {})))
  .catch((error: unknown) =>
    store.update({ failure: error instanceof Error ? error.message : String(error) }),
  );
