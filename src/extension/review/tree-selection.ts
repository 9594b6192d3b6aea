/** What is selected in the tree, and what is at hand: each follows the other, without going round in circles. */
import { setTimeout as delay } from "node:timers/promises";
import type * as vscode from "vscode";
import type { ReviewRegion } from "../../protocol/engine.ts";
import { regionId } from "./review-model.ts";
import type { ReviewStore } from "./review-store.ts";
import type { ReviewNode } from "./review-tree.ts";

const ATTEMPTS = 4;
const SETTLE_MS = 150;

type RegionTree = Pick<
  vscode.TreeView<ReviewNode>,
  "visible" | "selection" | "reveal" | "onDidExpandElement" | "onDidChangeSelection"
>;
type RegionAtHand = Pick<ReviewStore, "journal" | "region" | "select">;

/** Keeps the tree and the region at hand together. */
export class TreeSelection implements vscode.Disposable {
  readonly #view: RegionTree;
  readonly #store: RegionAtHand;
  readonly #listeners: readonly vscode.Disposable[];
  /** Regions that the tree was told to select, in their order: it answers late, and maybe only for the last one. */
  #told: string[] = [];

  constructor(view: RegionTree, store: RegionAtHand) {
    this.#view = view;
    this.#store = store;
    this.#listeners = [
      view.onDidExpandElement(({ element }) => this.#follow(element)),
      view.onDidChangeSelection(({ selection: [node] }) => this.#changed(node)),
    ];
  }

  /** Selects a region, where the tree is visible and nobody has gone on meanwhile. */
  async reveal(journal: string, region: ReviewRegion): Promise<void> {
    const name = nameOf(journal, regionId(region));
    const isWanted = (): boolean =>
      this.#view.visible && this.#atHand() === name && this.#selected() !== name;
    // A tree that is just being filled takes a reveal without showing it.
    for (let left = ATTEMPTS; left > 0 && isWanted(); left--) {
      this.#told.push(name);
      await this.#view.reveal({ kind: "region", journal, region }, { select: true, focus: false });
      await delay(SETTLE_MS);
    }
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
  }

  #atHand(): string | undefined {
    const { region } = this.#store;
    return region && nameOf(region.journal, region.id);
  }

  #selected(): string | undefined {
    return nameOfNode(this.#view.selection[0]);
  }

  #changed(node: ReviewNode | undefined): void {
    const answered = this.#told.lastIndexOf(nameOfNode(node) ?? "");
    this.#told = this.#told.slice(answered + 1);
    // An answer to what we asked for tells nothing new, and an old one would undo what was chosen since.
    if (answered < 0) this.#follow(node);
  }

  /** What somebody chooses in the tree is at hand. */
  #follow(node: ReviewNode | undefined): void {
    if (node === undefined) return;
    if (node.kind === "region") this.#store.select(node.journal, node.region);
    else if (node.journal !== this.#store.journal) this.#store.select(node.journal);
  }
}

function nameOf(journal: string, id: string): string {
  return JSON.stringify([journal, id]);
}

function nameOfNode(node: ReviewNode | undefined): string | undefined {
  return node?.kind === "region" ? nameOf(node.journal, regionId(node.region)) : undefined;
}
