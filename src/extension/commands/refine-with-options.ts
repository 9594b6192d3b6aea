/** Refine Mask with Options: preset, mode and place, asked one after the other. */
import * as vscode from "vscode";
import type { MethodChoice } from "../../protocol/views.ts";
import type { OutputSettings, RunStartOptions, Services } from "../services.ts";

/** One answer of a step. */
interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

/** Asks; `undefined` when called off. What the settings say is marked and comes first. */
export async function askRefineOptions(
  { settings }: Pick<Services, "settings">,
  scope: vscode.Uri,
): Promise<RunStartOptions | undefined> {
  const method = settings.method(scope);
  const preset = await ask(1, vscode.l10n.t("Preset"), presets(), method.preset);
  if (preset === undefined) return undefined;
  const mode = await ask(2, vscode.l10n.t("How mask values are read"), modes(), method.mode);
  if (mode === undefined) return undefined;
  const output = await ask(
    3,
    vscode.l10n.t("Where accepted masks go"),
    outputs(),
    settings.output(scope).kind,
  );
  return output && { method: { ...method, preset, mode }, output };
}

const STEPS = 3;

async function ask<T>(
  step: number,
  what: string,
  choices: readonly Choice<T>[],
  current: T,
): Promise<T | undefined> {
  const marked = choices.map((choice) =>
    choice.value === current ? { ...choice, description: vscode.l10n.t("from the settings") } : choice,
  );
  const items = marked.sort((a, b) => Number(b.value === current) - Number(a.value === current));
  const title = vscode.l10n.t("Refine Mask ({0}/{1})", step, STEPS);
  return (await vscode.window.showQuickPick(items, { title, placeHolder: what, matchOnDetail: true }))?.value;
}

function presets(): Choice<MethodChoice["preset"]>[] {
  return [
    {
      label: "default",
      detail: vscode.l10n.t("Candidates must beat the coarse mask; parts it misses are looked for"),
      value: "default",
    },
    { label: "fast", detail: vscode.l10n.t("One iteration, no growth"), value: "fast" },
    {
      label: "quality",
      detail: vscode.l10n.t("Encodes every object once more, enlarged: slower, with sharper edges"),
      value: "quality",
    },
    { label: "paper", detail: vscode.l10n.t("The method as published"), value: "paper" },
    {
      label: "reference",
      detail: vscode.l10n.t("The published code with its own defaults"),
      value: "reference",
    },
  ];
}

function modes(): Choice<MethodChoice["mode"]>[] {
  return [
    { label: vscode.l10n.t("Automatic"), detail: vscode.l10n.t("The file decides"), value: "auto" },
    {
      label: vscode.l10n.t("Instances"),
      detail: vscode.l10n.t("Every value is one object"),
      value: "instance",
    },
    {
      label: vscode.l10n.t("Classes"),
      detail: vscode.l10n.t("A value is a class that may have many parts"),
      value: "semantic",
    },
  ];
}

function outputs(): Choice<OutputSettings["kind"]>[] {
  return [
    { label: vscode.l10n.t("Beside the original"), detail: "name.refined.png", value: "beside" },
    {
      label: vscode.l10n.t("Into a mirror folder"),
      detail: "samrefiner.refine.mirrorFolder",
      value: "mirror",
    },
    {
      label: vscode.l10n.t("In place"),
      detail: vscode.l10n.t('The original is kept; "Restore Original" brings it back'),
      value: "in-place",
    },
  ];
}
