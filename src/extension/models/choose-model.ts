/** Choose Model: what is here, what can be fetched, and own files. */
import * as vscode from "vscode";
import type { ModelView } from "../../protocol/engine.ts";
import type { Services } from "../services.ts";
import { addOwnModel } from "./add-own-model.ts";
import { fetchModel } from "./fetch-model.ts";
import { groupOf, type ModelGroup, modelDetail, modelLine } from "./model-texts.ts";
import { chosenModel, useModel } from "./use-model.ts";

/** A line of the picker. */
interface ModelItem extends vscode.QuickPickItem {
  readonly model?: ModelView;
  readonly run?: () => Promise<void>;
}

const GROUPS: readonly ModelGroup[] = ["here", "to-fetch", "unusable"];

/** Lists models; the chosen one is fetched if need be, and used from then on. */
export async function chooseModel(services: Services): Promise<void> {
  const models = await services.engine.request("models/list", {});
  const item = await pick(services, models);
  if (item?.run !== undefined) await item.run();
  else if (item?.model !== undefined) await choose(services, item.model);
}

async function choose(services: Services, model: ModelView): Promise<void> {
  const group = groupOf(model);
  if (group === "unusable") {
    void vscode.window.showWarningMessage(model.problem ?? vscode.l10n.t("{0} cannot be used.", model.name));
    return;
  }
  if (group === "here" || (await fetchModel(services, model))) await useModel(services, model);
}

/** Resolves with what was chosen; buttons of the lines work while the list stays. */
function pick(services: Services, models: readonly ModelView[]): Promise<ModelItem | undefined> {
  const picker = vscode.window.createQuickPick<ModelItem>();
  picker.title = vscode.l10n.t("Model that Refines Masks");
  picker.matchOnDescription = true;
  picker.matchOnDetail = true;
  picker.items = itemsOf(services, models);
  picker.show();
  return new Promise((resolve) => {
    picker.onDidAccept(() => {
      const [chosen] = picker.selectedItems;
      resolve(chosen);
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.onDidTriggerItemButton(({ item: { model }, button }) => {
      if (model === undefined) return;
      if (button === homepageButton()) void openHomepage(model);
      else {
        picker.hide();
        removeModel(services, model).catch((error) => services.tellFailure(error));
      }
    });
  });
}

function itemsOf(services: Services, models: readonly ModelView[]): ModelItem[] {
  const current = chosenModel();
  const lines = GROUPS.flatMap((group): ModelItem[] => {
    const own = models.filter((model) => groupOf(model) === group);
    if (own.length === 0) return [];
    const heading = { label: groupWords(group), kind: vscode.QuickPickItemKind.Separator };
    return [heading, ...own.map((model) => itemOf(model, current))];
  });
  return [
    ...lines,
    { label: "", kind: vscode.QuickPickItemKind.Separator },
    {
      label: vscode.l10n.t("$(add) Add Own ONNX Files…"),
      detail: vscode.l10n.t("An encoder and a decoder as SAM's own export writes them; both are inspected"),
      alwaysShow: true,
      run: () => addOwnModel(services, models),
    },
  ];
}

function itemOf(model: ModelView, current: string): ModelItem {
  const { name, homepage, source, onDisk } = model;
  const icon = { here: "$(circle-filled)", "to-fetch": "$(cloud-download)", unusable: "$(circle-slash)" };
  const sign = name === current ? "$(check)" : icon[groupOf(model)];
  return {
    label: `${sign} ${name}`,
    description: modelLine(model, vscode.l10n.t),
    detail: modelDetail(model, vscode.l10n.t),
    buttons: [
      ...(homepage === undefined ? [] : [homepageButton()]),
      ...(source === "embedded" || (source === "known" && onDisk === 0) ? [] : [removeButton()]),
    ],
    model,
  };
}

let homepage: vscode.QuickInputButton | undefined;
let remove: vscode.QuickInputButton | undefined;

/** Lines tell which button it was by the object. */
function homepageButton(): vscode.QuickInputButton {
  homepage ??= { iconPath: new vscode.ThemeIcon("globe"), tooltip: vscode.l10n.t("Open the authors' page") };
  return homepage;
}

function removeButton(): vscode.QuickInputButton {
  remove ??= { iconPath: new vscode.ThemeIcon("trash"), tooltip: vscode.l10n.t("Remove from this machine") };
  return remove;
}

async function openHomepage({ homepage }: ModelView): Promise<void> {
  if (homepage !== undefined) await vscode.env.openExternal(vscode.Uri.parse(homepage, true));
}

async function removeModel(services: Services, model: ModelView): Promise<void> {
  const { name, source } = model;
  const yes = vscode.l10n.t("Remove");
  const question =
    source === "own"
      ? vscode.l10n.t("Forget {0}? Its files stay where they are.", name)
      : vscode.l10n.t("Remove {0} from this machine?", name);
  if ((await vscode.window.showWarningMessage(question, { modal: true }, yes)) !== yes) return;
  await services.engine.request("models/remove", { name });
  if (chosenModel() === name) await useModel(services, undefined);
  void vscode.window.showInformationMessage(vscode.l10n.t("{0} was removed.", name));
}

function groupWords(group: ModelGroup): string {
  switch (group) {
    case "here":
      return vscode.l10n.t("on this machine");
    case "to-fetch":
      return vscode.l10n.t("can be fetched");
    case "unusable":
      return vscode.l10n.t("cannot be used");
  }
}
