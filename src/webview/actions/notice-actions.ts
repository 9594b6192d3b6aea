/** Lines for the user. */
import type { NoticeAction } from "../../protocol/preview.ts";
import type { Host } from "../host/host.ts";
import { dismissed, noticed } from "../state/changes-of-state.ts";
import type { Notice, PageState } from "../state/page-state.ts";
import type { Store } from "../state/store.ts";

/** What concerns notices. */
export interface NoticeActions {
  notice(level: Notice["level"], message: string, action?: NoticeAction): void;
  dismiss(id: number): void;
  /** Runs what a notice offers. */
  act(notice: Notice): void;
  /** Tells an error. */
  failed(error: unknown): void;
}

/** Milliseconds that good news stays. */
const INFO_STAYS = 8000;

/** Acts on a store and its host. */
export function noticeActions(store: Store<PageState>, host: Pick<Host, "request">): NoticeActions {
  let next = 1;
  const dismiss = (id: number): void => store.update(dismissed(store.state, id));
  const notice: NoticeActions["notice"] = (level, message, action) => {
    const id = next++;
    store.update(noticed(store.state, { id, level, message, ...(action && { action }) }));
    if (level === "info" && action === undefined) setTimeout(() => dismiss(id), INFO_STAYS);
  };
  const failed = (error: unknown): void =>
    notice("error", error instanceof Error ? error.message : String(error));
  return {
    notice,
    dismiss,
    failed,
    act: ({ id, action }) => {
      dismiss(id);
      if (action) host.request("act", { command: action.command }).catch(failed);
    },
  };
}
