/** Commands of the review view. */
import * as vscode from "vscode";
import { openReport } from "../run/open-report.ts";
import type { Services } from "../services.ts";
import { chooseFilter } from "./choose-filter.ts";
import { rememberJournal } from "./known-journals.ts";
import { restoreRun } from "./restore-run.ts";
import { isOpen, NO_FILTER } from "./review-model.ts";
import type { ReviewStore } from "./review-store.ts";
import type { ReviewNode } from "./review-tree.ts";
import type { Decided, Reviewer } from "./reviewer.ts";

/** What they work with. */
export interface ReviewCommandContext {
  readonly services: Services;
  readonly store: ReviewStore;
  readonly reviewer: Reviewer;
  readonly view: vscode.TreeView<ReviewNode>;
}

/** Context key: whether a filter hides regions. */
const FILTERED = "samrefiner.reviewFiltered";
/** A view that somebody hides at once is not waited for. */
const VISIBLE_MS = 2000;

/** Registers them; every failure is told. */
export function registerReviewCommands(context: ReviewCommandContext): vscode.Disposable {
  const { services } = context;
  return vscode.Disposable.from(
    ...Object.entries(commandsOf(context)).map(([name, run]) =>
      vscode.commands.registerCommand(`samrefiner.review.${name}`, async (argument?: unknown) => {
        try {
          await run(argument as ReviewNode | undefined);
        } catch (error) {
          void services.tellFailure(error);
        }
      }),
    ),
  );
}

type Command = (node: ReviewNode | undefined) => unknown;

function commandsOf(context: ReviewCommandContext): Readonly<Record<string, Command>> {
  const { store, reviewer, services, view } = context;
  /** The run of the line that was clicked, else the one at hand, else the only one. */
  const withRun = async (node: ReviewNode | undefined, work: (journal: string) => unknown): Promise<void> => {
    const journals = node === undefined && store.journal === undefined ? await store.journals() : [];
    const journal = node?.journal ?? store.journal ?? journals[0];
    if (journal !== undefined) await work(journal);
  };
  const decideAll = (decision: Decided) => (node: ReviewNode | undefined) =>
    withRun(node, (journal) => decideShown(context, journal, decision));
  const filter = (next: typeof NO_FILTER): void => {
    store.filter = next;
    void vscode.commands.executeCommand("setContext", FILTERED, !isOpen(next));
  };
  return {
    refresh: () => store.refresh(),
    open: (node) => openRun(context, node),
    show: (node) =>
      node?.kind === "region" ? reviewer.show(node.journal, node.region, { preserveFocus: true }) : undefined,
    next: () => withRun(undefined, (journal) => reviewer.step(journal, 1)),
    previous: () => withRun(undefined, (journal) => reviewer.step(journal, -1)),
    accept: (node) => reviewer.decideOn(node, "accepted"),
    reject: (node) => reviewer.decideOn(node, "rejected"),
    undecide: (node) => reviewer.decideOn(node, null),
    acceptAll: decideAll("accepted"),
    rejectAll: decideAll("rejected"),
    filter: async () => {
      const next = await chooseFilter(store.filter);
      if (next !== undefined) filter(next);
    },
    clearFilter: () => filter(NO_FILTER),
    report: (node) =>
      withRun(node, async (journal) => {
        await store.settle(journal);
        await openReport(services, journal);
      }),
    restore: (node) => withRun(node ?? view.selection[0], (journal) => restoreRun(services, store, journal)),
  };
}

/** Of a journal whose path is given, of a line, or of a journal that is asked for. */
async function openRun(
  { services, store, reviewer, view }: ReviewCommandContext,
  argument: ReviewNode | string | undefined,
): Promise<void> {
  const journal = typeof argument === "string" ? argument : (argument?.journal ?? (await askJournal(store)));
  if (journal === undefined) return;
  store.refresh();
  await rememberJournal(services.context, journal);
  await vscode.commands.executeCommand("samrefiner.review.focus");
  await visible(view);
  await reviewer.begin(journal);
}

/** Resolves once the view is shown, or soon. */
function visible(view: vscode.TreeView<ReviewNode>): Promise<void> {
  if (view.visible) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(done, VISIBLE_MS);
    const listener = view.onDidChangeVisibility(done);
    function done(): void {
      clearTimeout(timer);
      listener.dispose();
      resolve();
    }
  });
}

async function askJournal(store: ReviewStore): Promise<string | undefined> {
  const journals = await store.journals();
  if (journals.length === 1) return journals[0];
  const other = vscode.l10n.t("$(folder-opened) Choose a journal…");
  const items = [
    ...journals.map((path) => ({ label: vscode.workspace.asRelativePath(path), path })),
    { label: other, path: undefined },
  ];
  const placeHolder = vscode.l10n.t("Which run should be reviewed?");
  const chosen = await vscode.window.showQuickPick(items, { placeHolder });
  if (chosen === undefined || chosen.path !== undefined) return chosen?.path;
  const filters = { [vscode.l10n.t("Journals of runs")]: ["jsonl"] };
  return (await vscode.window.showOpenDialog({ filters }))?.[0]?.fsPath;
}

async function decideShown(
  { store, reviewer }: ReviewCommandContext,
  journal: string,
  decision: Decided,
): Promise<void> {
  const { length } = await store.shown(journal);
  if (length === 0) return;
  const [question, yes] =
    decision === "accepted"
      ? [vscode.l10n.t("Accept the {0} regions that are shown?", length), vscode.l10n.t("Accept All")]
      : [vscode.l10n.t("Reject the {0} regions that are shown?", length), vscode.l10n.t("Reject All")];
  if ((await vscode.window.showWarningMessage(question, { modal: true }, yes)) !== yes) return;
  await reviewer.decideAll(journal, decision);
}
