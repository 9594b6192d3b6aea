/** Asking before a run: how much there is, where results go, and whether an earlier run is continued. */
import { relative } from "node:path";
import * as vscode from "vscode";
import type { PlanView } from "../../protocol/engine.ts";
import type { OutputSettings, Services } from "../services.ts";
import { type EarlierRun, earlierRun } from "./earlier-run.ts";
import { inPlace, mirrored, type RunPlace } from "./run-places.ts";
import { planText, refusedText } from "./run-texts.ts";

/** A run that was agreed to. */
export interface ConfirmedRun extends RunPlace {
  readonly resume: boolean;
}

/** What asking needs. */
export interface RunQuestion {
  readonly plan: PlanView;
  readonly output: OutputSettings;
  /** Folder that the mirror folder counts from. */
  readonly base: string;
}

interface Offer extends vscode.QuickPickItem {
  /** Whether it goes on with a run that was stopped. */
  readonly continues?: boolean;
  readonly choose?: () => Promise<ConfirmedRun | undefined>;
}

/** Shows what there is until the user begins or leaves it. */
export async function confirmRun(
  services: Pick<Services, "engine">,
  question: RunQuestion,
): Promise<ConfirmedRun | undefined> {
  const { plan } = question;
  const offers = await offersFor(services, question);
  for (;;) {
    const chosen = await vscode.window.showQuickPick(offers, {
      title: planText(plan, vscode.l10n.t),
      placeHolder: vscode.l10n.t("Where should the results go?"),
      ignoreFocusOut: true,
      matchOnDetail: true,
    });
    if (chosen === undefined) return undefined;
    if (chosen.choose === undefined) await showRefused(plan);
    else return chosen.choose();
  }
}

async function offersFor(
  { engine }: Pick<Services, "engine">,
  { plan, output, base }: RunQuestion,
): Promise<Offer[]> {
  const mirror = mirrored(mirrorFolderFor(plan.root, base, output.mirrorFolder), base);
  const into = await placeOffer(engine, plan, mirror);
  const over = await placeOffer(engine, plan, inPlace(plan.root));
  const other: Offer = {
    label: vscode.l10n.t("$(folder-opened) Into another folder…"),
    choose: () => askFolder(engine, plan),
  };
  const configured = output.kind === "in-place" ? [over, into] : [into, over];
  const places = configured.sort((a, b) => Number(b.continues === true) - Number(a.continues === true));
  return [...places, other, ...(plan.refused.length === 0 ? [] : [refusedOffer(plan)])];
}

/** Each part of a workspace has a folder and a journal of its own. */
function mirrorFolderFor(root: string, base: string, folder: string): string {
  const part = relative(base, root);
  return part === "" || part.startsWith("..") ? folder : `${folder}/${part}`;
}

async function placeOffer(engine: Services["engine"], plan: PlanView, place: RunPlace): Promise<Offer> {
  const earlier = await earlierRun(engine, place, plan);
  const { out } = place;
  const where =
    out === undefined
      ? vscode.l10n.t("$(replace-all) In place, originals are kept")
      : vscode.l10n.t("$(files) Into {0}", vscode.workspace.asRelativePath(out));
  const continues = earlier?.same === true && !earlier.ended;
  return { label: where, ...detailOf(earlier), continues, choose: () => begin(place, earlier) };
}

function detailOf(earlier: EarlierRun | undefined): Pick<Offer, "detail"> {
  if (earlier === undefined) return {};
  if (!earlier.same)
    return { detail: vscode.l10n.t("Holds the results of another dataset, {0}", earlier.root) };
  const detail = earlier.ended
    ? vscode.l10n.t("Does again what changed since the last run ({0} photos)", earlier.photos)
    : vscode.l10n.t("Continues the run that was stopped: {0} photos are done", earlier.photos);
  return { detail };
}

async function begin(place: RunPlace, earlier: EarlierRun | undefined): Promise<ConfirmedRun | undefined> {
  if (earlier === undefined || earlier.same) return { ...place, resume: earlier !== undefined };
  void vscode.window.showErrorMessage(
    vscode.l10n.t(
      "{0} is the journal of a run over {1}: choose another folder for the results.",
      vscode.workspace.asRelativePath(place.journal),
      earlier.root,
    ),
  );
  return undefined;
}

async function askFolder(engine: Services["engine"], plan: PlanView): Promise<ConfirmedRun | undefined> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t("Choose the folder for the refined masks"),
      openLabel: vscode.l10n.t("Choose"),
      defaultUri: vscode.Uri.file(plan.root),
      canSelectFolders: true,
      canSelectFiles: false,
    })) ?? [];
  if (folder === undefined) return undefined;
  const place = mirrored(folder.fsPath, plan.root);
  return begin(place, await earlierRun(engine, place, plan));
}

function refusedOffer({ refused }: PlanView): Offer {
  const label = vscode.l10n.t("$(warning) Show the {0} files that cannot be refined", refused.length);
  return { label, ...(refused[0] === undefined ? {} : { detail: refused[0].message }) };
}

async function showRefused(plan: PlanView): Promise<void> {
  const content = refusedText(plan, vscode.l10n.t);
  const document = await vscode.workspace.openTextDocument({ language: "markdown", content });
  await vscode.window.showTextDocument(document, { preview: true, preserveFocus: true });
}
