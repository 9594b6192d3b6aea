/** What the host asks of the page. */
import type { CompareMode, PageCommand, PageRequests } from "../../protocol/preview.ts";
import type { Handlers } from "../../protocol/rpc.ts";
import type { App } from "../app.ts";
import { shown } from "../state/changes-of-state.ts";

const ZOOM_STEP = 1.25;

type SimpleCommand = Exclude<PageCommand, `mode:${CompareMode}`>;

const COMMANDS: Readonly<Record<SimpleCommand, (app: App) => void>> = {
  accept: ({ actions }) => actions.save(),
  help: ({ store }) => store.update({ helpOpen: true }),
  "zoom-in": ({ actions }) => actions.zoom(ZOOM_STEP),
  "zoom-out": ({ actions }) => actions.zoom(1 / ZOOM_STEP),
  "zoom-fit": ({ actions }) => actions.fit(),
  "next-region": ({ actions }) => actions.step(1),
  "previous-region": ({ actions }) => actions.step(-1),
  "toggle-region": ({ actions }) => actions.toggle(),
};

/** Answers the host. The page is asked for with each request: messages may come before it is made. */
export function pageHandlers(page: () => App): Handlers<PageRequests> {
  return {
    show: ({ view, title, state }) => {
      const { store } = page();
      store.update(shown(store.state, view, title, state));
      return null;
    },
    notice: ({ level, message, action }) => {
      page().actions.notice(level, message, action);
      return null;
    },
    progress: (progress) => {
      page().store.update({ progress: progress ?? undefined });
      return null;
    },
    command: ({ command }) => {
      runCommand(page(), command);
      return null;
    },
  };
}

function runCommand(app: App, command: PageCommand): void {
  if (isModeCommand(command)) app.store.update({ mode: command.slice(5) as CompareMode });
  else COMMANDS[command](app);
}

function isModeCommand(command: PageCommand): command is `mode:${CompareMode}` {
  return command.startsWith("mode:");
}
