/** What came of an adaption. */
import * as vscode from "vscode";
import type { AdaptionView } from "../../protocol/engine.ts";
import type { Services } from "../services.ts";
import { adaptionSummary, exampleLine } from "./adaption-texts.ts";
import { useAdaptor } from "./use-adaptor.ts";

/** Tells how well it does until the adaptor is used or left alone; examples are shown in between. */
export async function tellAdaption(services: Services, view: AdaptionView, scope: vscode.Uri): Promise<void> {
  const message = adaptionSummary(view, vscode.l10n.t);
  services.log.info(message);
  const use = view.recommended ? vscode.l10n.t("Use in This Workspace") : vscode.l10n.t("Use All the Same");
  const examples = vscode.l10n.t("Show Examples");
  const offers = view.recommended ? [use, examples] : [examples, use];
  const shown = view.examples.length === 0 ? [use] : offers;
  for (;;) {
    const chosen = await vscode.window.showInformationMessage(message, ...shown);
    if (chosen === examples) await showExample(services, view, scope);
    else {
      if (chosen === use) await useAdaptor(services, view.file, scope);
      return;
    }
  }
}

/** Lists decodes whose choice changed; the chosen one's mask opens as the adaptor refines it. */
async function showExample(services: Services, view: AdaptionView, scope: vscode.Uri): Promise<void> {
  const { total, better, worse } = view.changed;
  const items = view.examples.map((example) => ({ ...exampleLine(example, vscode.l10n.t), example }));
  const placeHolder = vscode.l10n.t(
    "The choice changed in {0} decodes: {1} agree more with the coarse mask, {2} less",
    ...[total, better, worse],
  );
  const chosen = await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true });
  if (chosen === undefined) return;
  const { mask, photo, region } = chosen.example;
  await services.openPreview(
    { sources: [mask], image: photo },
    {
      method: { ...services.settings.method(scope), adaptor: view.file },
      region: { file: mask, name: region },
    },
  );
}
