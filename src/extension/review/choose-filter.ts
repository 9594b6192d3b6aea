/** Which regions the review shows. */
import * as vscode from "vscode";
import { type ReviewFilter, type Verdict, verdicts } from "./review-model.ts";
import { verdictText } from "./review-texts.ts";

interface FilterItem extends vscode.QuickPickItem {
  readonly verdict?: Verdict;
  readonly undecided?: true;
}

/** Asks; what is typed is looked for in labels. `undefined` when called off. */
export async function chooseFilter(now: ReviewFilter): Promise<ReviewFilter | undefined> {
  const items: FilterItem[] = [
    ...verdicts.map((verdict) => ({
      label: verdictText(verdict, vscode.l10n.t),
      description: vscode.l10n.t("verdict"),
      alwaysShow: true,
      verdict,
    })),
    { label: vscode.l10n.t("not decided"), alwaysShow: true, undecided: true },
  ];
  const pick = vscode.window.createQuickPick<FilterItem>();
  pick.title = vscode.l10n.t("Filter Regions");
  pick.placeholder = vscode.l10n.t("Check what to show; type part of a label");
  pick.canSelectMany = true;
  pick.items = items;
  pick.selectedItems = items.filter(
    ({ verdict, undecided }) =>
      (verdict !== undefined && now.verdicts.includes(verdict)) || (undecided === true && now.undecided),
  );
  pick.value = now.label;
  pick.show();
  try {
    const accepted = await new Promise<boolean>((resolve) => {
      pick.onDidAccept(() => resolve(true));
      pick.onDidHide(() => resolve(false));
    });
    return accepted ? filterOf(pick) : undefined;
  } finally {
    pick.dispose();
  }
}

function filterOf({ selectedItems, value }: vscode.QuickPick<FilterItem>): ReviewFilter {
  return {
    verdicts: selectedItems.flatMap(({ verdict }) => verdict ?? []),
    undecided: selectedItems.some(({ undecided }) => undecided === true),
    label: value.trim(),
  };
}
