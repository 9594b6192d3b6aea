/** Writing results and taking them back. */
import type { Host } from "../host/host.ts";
import type { PageState } from "../state/page-state.ts";
import type { Store } from "../state/store.ts";
import type { NoticeActions } from "./notice-actions.ts";

/** What concerns files. */
export interface FileActions {
  /** Writes all regions that are not rejected. */
  save(): void;
  /** Writes the selected one alone. */
  saveSelected(): void;
  restore(): void;
}

/** Acts on a store and its host. */
export function fileActions(
  store: Store<PageState>,
  host: Pick<Host, "request">,
  { notice, failed }: NoticeActions,
): FileActions {
  const alone = async (task: () => Promise<void>): Promise<void> => {
    if (store.state.saving || store.state.view === undefined) return;
    store.update({ saving: true });
    try {
      await task();
    } catch (error) {
      failed(error);
    } finally {
      store.update({ saving: false });
    }
  };
  const write = (accepted: readonly number[]): Promise<void> =>
    alone(async () => {
      const { message, saved } = await host.request("save", { accepted });
      notice(saved ? "info" : "warning", message);
    });
  return {
    save: () => {
      const { regions, rejected } = store.state;
      void write(regions.map(({ id }) => id).filter((id) => !rejected.has(id)));
    },
    saveSelected: () => {
      const { selected } = store.state;
      if (selected !== undefined) void write([selected]);
    },
    restore: () => void alone(async () => notice("info", (await host.request("restore", {})).message)),
  };
}
