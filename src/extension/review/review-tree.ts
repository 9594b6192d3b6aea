/** The tree of runs, photos and regions. */
import { basename } from "node:path";
import * as vscode from "vscode";
import type { ReviewRegion, ReviewView } from "../../protocol/engine.ts";
import { messageOf } from "../tell-failure.ts";
import { groupByPhoto, type PhotoGroup, regionId } from "./review-model.ts";
import type { ReviewStore } from "./review-store.ts";
import {
  decisionText,
  photoDescription,
  regionDescription,
  regionLabel,
  regionTooltip,
  runDescription,
  runLabel,
} from "./review-texts.ts";

/** A line of the tree. */
export type ReviewNode = RunNode | PhotoNode | RegionNode | ProblemNode;

/** A run. */
export interface RunNode {
  readonly kind: "run";
  readonly journal: string;
}

/** A photo with regions that are shown. */
export interface PhotoNode {
  readonly kind: "photo";
  readonly journal: string;
  readonly group: PhotoGroup;
}

/** A region. */
export interface RegionNode {
  readonly kind: "region";
  readonly journal: string;
  readonly region: ReviewRegion;
}

/** Why a run cannot be shown. */
export interface ProblemNode {
  readonly kind: "problem";
  readonly journal: string;
  readonly message: string;
}

/** Answers VS Code's questions about the tree. */
export class ReviewTree implements vscode.TreeDataProvider<ReviewNode> {
  readonly #store: ReviewStore;
  readonly #grouped: () => boolean;
  readonly #changed = new vscode.EventEmitter<undefined>();

  readonly onDidChangeTreeData: vscode.Event<undefined> = this.#changed.event;

  /** @param grouped whether regions are listed below their photos */
  constructor(store: ReviewStore, grouped: () => boolean) {
    this.#store = store;
    this.#grouped = grouped;
  }

  refresh(): void {
    this.#changed.fire(undefined);
  }

  async getChildren(node?: ReviewNode): Promise<ReviewNode[]> {
    if (node === undefined) {
      const journals = await this.#store.journals();
      return journals.map((journal): RunNode => ({ kind: "run", journal }));
    }
    if (node.kind === "run") return this.#contents(node);
    if (node.kind === "photo") return node.group.regions.map((region) => regionNode(node.journal, region));
    return [];
  }

  getTreeItem(node: ReviewNode): vscode.TreeItem {
    if (node.kind === "run")
      return runItem(node, this.#store.opened(node.journal), node.journal === this.#store.journal);
    if (node.kind === "photo") return photoItem(node);
    if (node.kind === "region") return regionItem(node, this.#store.opened(node.journal));
    return problemItem(node);
  }

  getParent(node: ReviewNode): ReviewNode | undefined {
    if (node.kind === "run") return undefined;
    const run: RunNode = { kind: "run", journal: node.journal };
    if (node.kind !== "region" || !this.#grouped()) return run;
    const view = this.#store.opened(node.journal);
    const regions = (view?.regions ?? []).filter(({ key }) => key === node.region.key);
    const [group] = groupByPhoto(regions);
    return group === undefined ? run : { kind: "photo", journal: node.journal, group };
  }

  async #contents({ journal }: RunNode): Promise<ReviewNode[]> {
    try {
      const regions = await this.#store.shown(journal);
      if (!this.#grouped()) return regions.map((region) => regionNode(journal, region));
      return groupByPhoto(regions).map((group): PhotoNode => ({ kind: "photo", journal, group }));
    } catch (error) {
      return [{ kind: "problem", journal, message: messageOf(error) }];
    }
  }
}

/** The line of a region. */
function regionNode(journal: string, region: ReviewRegion): RegionNode {
  return { kind: "region", journal, region };
}

function runItem({ journal }: RunNode, view: ReviewView | undefined, current: boolean): vscode.TreeItem {
  const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  const where = vscode.workspace.asRelativePath(journal);
  const item = new vscode.TreeItem(
    view === undefined ? where : runLabel(view),
    current ? Expanded : Collapsed,
  );
  item.id = `run ${journal}`;
  item.tooltip = journal;
  item.iconPath = new vscode.ThemeIcon("history");
  item.contextValue = view?.out === null ? "run.inPlace" : "run";
  if (view !== undefined)
    item.description = runDescription(view, (path) => vscode.workspace.asRelativePath(path), vscode.l10n.t);
  return item;
}

function photoItem({ journal, group }: PhotoNode): vscode.TreeItem {
  const item = new vscode.TreeItem(basename(group.key), vscode.TreeItemCollapsibleState.Collapsed);
  item.id = `photo ${journal} ${group.key}`;
  item.description = photoDescription(group, vscode.l10n.t);
  item.tooltip = group.key;
  item.iconPath = new vscode.ThemeIcon("file-media");
  item.contextValue = "photo";
  return item;
}

function regionItem(node: RegionNode, view: ReviewView | undefined): vscode.TreeItem {
  const { region, journal } = node;
  const photo = view?.photos.find(({ key }) => key === region.key);
  const item = new vscode.TreeItem(regionLabel(region));
  item.id = `region ${journal} ${regionId(region)}`;
  item.description = regionDescription(region, vscode.l10n.t);
  item.tooltip = regionTooltip(region, photo?.files[region.target] ?? "", vscode.l10n.t);
  item.iconPath = iconOf(region);
  item.contextValue = `region.${region.decision ?? "undecided"}`;
  const said = [item.label, item.description, decisionText(region.decision, vscode.l10n.t)].join(", ");
  item.accessibilityInformation = { label: said };
  item.command = {
    command: "samrefiner.review.show",
    title: vscode.l10n.t("Show Region"),
    arguments: [node],
  };
  return item;
}

/** Shapes tell decisions apart, colours only help. */
function iconOf({ decision, verdict }: ReviewRegion): vscode.ThemeIcon {
  if (decision === "accepted")
    return new vscode.ThemeIcon("pass-filled", new vscode.ThemeColor("testing.iconPassed"));
  if (decision === "rejected")
    return new vscode.ThemeIcon("circle-slash", new vscode.ThemeColor("testing.iconFailed"));
  if (verdict === "failed")
    return new vscode.ThemeIcon("error", new vscode.ThemeColor("problemsErrorIcon.foreground"));
  return new vscode.ThemeIcon(verdict === "refined" ? "circle-large-outline" : "dash");
}

function problemItem({ journal, message }: ProblemNode): vscode.TreeItem {
  const item = new vscode.TreeItem(message);
  item.id = `problem ${journal}`;
  item.tooltip = message;
  item.iconPath = new vscode.ThemeIcon("warning");
  return item;
}
