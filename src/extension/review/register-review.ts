/** The review view: a tree of runs with its commands. */
import { setTimeout as delay } from "node:timers/promises";
import * as vscode from "vscode";
import type { ReviewRegion, ReviewView } from "../../protocol/engine.ts";
import { JOURNAL_NAME } from "../run/run-places.ts";
import type { ReviewService, Services } from "../services.ts";
import { registerReviewCommands } from "./review-commands.ts";
import { countRegions, isOpen, regionId, shownRegions } from "./review-model.ts";
import { ReviewStore } from "./review-store.ts";
import { countsText, filterText } from "./review-texts.ts";
import { type ReviewNode, ReviewTree, regionNode } from "./review-tree.ts";
import { Reviewer } from "./reviewer.ts";

const VIEW = "samrefiner.review";
const ATTEMPTS = 4;
const SETTLE_MS = 150;
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
  const reviewer = new Reviewer({
    services,
    store,
    reveal: (journal, region) => revealRegion(view, journal, region),
  });
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
    view.onDidExpandElement(({ element }) => follow(store, element)),
    view.onDidChangeSelection(({ selection: [node] }) => follow(store, node)),
    vscode.workspace.onDidChangeWorkspaceFolders(() => store.refresh()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("samrefiner.review")) tree.refresh();
    }),
    registerReviewCommands({ services, store, reviewer, view }),
  );
  return reviewer;
}

/** A tree that is just being filled takes a reveal without showing it. */
async function revealRegion(
  view: vscode.TreeView<ReviewNode>,
  journal: string,
  region: ReviewRegion,
): Promise<void> {
  const isSelected = (): boolean =>
    view.selection.some((node) => node.kind === "region" && regionId(node.region) === regionId(region));
  for (let left = ATTEMPTS; left > 0 && view.visible && !isSelected(); left--) {
    await view.reveal(regionNode(journal, region), { select: true, focus: false });
    await delay(SETTLE_MS);
  }
}

function isGrouped(): boolean {
  return vscode.workspace.getConfiguration("samrefiner").get<string>("review.grouping") !== "none";
}

/** What is chosen in the tree is at hand. */
function follow(store: ReviewStore, node: ReviewNode | undefined): void {
  if (node === undefined) return;
  if (node.kind === "region") store.select(node.journal, node.region);
  else if (node.journal !== store.journal) store.select(node.journal);
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
