/** The review view: a tree of runs with its commands. */
import * as vscode from "vscode";
import type { ReviewView } from "../../protocol/engine.ts";
import { JOURNAL_NAME } from "../run/run-places.ts";
import type { ReviewService, Services } from "../services.ts";
import { registerReviewCommands } from "./review-commands.ts";
import { countRegions, isOpen, shownRegions } from "./review-model.ts";
import { ReviewStore } from "./review-store.ts";
import { countsText, filterText } from "./review-texts.ts";
import { type ReviewNode, ReviewTree } from "./review-tree.ts";
import { Reviewer } from "./reviewer.ts";
import { TreeSelection } from "./tree-selection.ts";

const VIEW = "samrefiner.review";
/** Context key: whether a run is under review. */
const ACTIVE = "samrefiner.reviewActive";

/** Registers the view; nothing is read before it is shown. */
export function registerReview(services: Services): ReviewService {
  const store = new ReviewStore(services, isGrouped);
  const tree = new ReviewTree(store, isGrouped);
  const view = vscode.window.createTreeView(VIEW, {
    treeDataProvider: tree,
    showCollapseAll: true,
    canSelectMany: false,
  });
  const selection = new TreeSelection(view, store);
  const reviewer = new Reviewer({ services, store, selection });
  const watcher = vscode.workspace.createFileSystemWatcher(`**/${JOURNAL_NAME}`, false, true, false);
  services.context.subscriptions.push(
    store,
    view,
    watcher,
    store.onChange(() => {
      tree.refresh();
      tellCounts(view, store);
    }),
    store.onMove(() => tellCounts(view, store)),
    watcher.onDidCreate(() => store.refresh()),
    watcher.onDidDelete(() => store.refresh()),
    selection,
    vscode.workspace.onDidChangeWorkspaceFolders(() => store.refresh()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("samrefiner.review")) tree.refresh();
    }),
    registerReviewCommands({ services, store, reviewer, view }),
  );
  return reviewer;
}

function isGrouped(): boolean {
  return vscode.workspace.getConfiguration("samrefiner").get<string>("review.grouping") !== "none";
}

function tellCounts(view: vscode.TreeView<ReviewNode>, store: ReviewStore): void {
  const run = store.journal === undefined ? undefined : store.opened(store.journal);
  void vscode.commands.executeCommand("setContext", ACTIVE, store.journal !== undefined);
  view.badge = undefined;
  view.message = run === undefined ? "" : messageFor(run, store);
  const counts = run && countRegions(run);
  if (counts !== undefined && counts.open > 0)
    view.badge = { value: counts.open, tooltip: vscode.l10n.t("{0} refined regions to review", counts.open) };
}

function messageFor(run: ReviewView, { filter }: ReviewStore): string {
  const counts = countRegions(run);
  const shown = shownRegions(run, filter).length;
  const lines = [countsText(counts, vscode.l10n.t)];
  if (!isOpen(filter)) lines.push(filterText(filter, shown, vscode.l10n.t));
  return lines.join(" · ");
}
