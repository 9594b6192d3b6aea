/** Everything that can be done on the page. */
import type { Host } from "../host/host.ts";
import type { PageState } from "../state/page-state.ts";
import type { Store } from "../state/store.ts";
import { type FileActions, fileActions } from "./file-actions.ts";
import { type MethodActions, methodActions } from "./method-actions.ts";
import { type NoticeActions, noticeActions } from "./notice-actions.ts";
import { type PromptActions, promptActions } from "./prompt-actions.ts";
import { type RegionActions, regionActions } from "./region-actions.ts";
import { type ViewActions, viewActions } from "./view-actions.ts";

/** All actions. */
export type PageActions = ViewActions &
  RegionActions &
  MethodActions &
  PromptActions &
  FileActions &
  NoticeActions;

/** Actions on a store and its host. */
export function pageActions(store: Store<PageState>, host: Pick<Host, "request">): PageActions {
  const notices = noticeActions(store, host);
  const view = viewActions(store);
  const events = { onFailure: notices.failed };
  return {
    ...notices,
    ...view,
    ...regionActions(store, host, view, notices.failed),
    ...methodActions(store, host, events),
    ...promptActions(store, host, events),
    ...fileActions(store, host, notices),
  };
}
