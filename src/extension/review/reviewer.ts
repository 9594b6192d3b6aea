/** Walking through a review and deciding: what commands, keys and the preview do. */
import type { ReviewRegion } from "../../protocol/engine.ts";
import type { ReviewService, Services } from "../services.ts";
import { regionId, stepFrom } from "./review-model.ts";
import type { ReviewStore } from "./review-store.ts";
import type { ReviewNode } from "./review-tree.ts";
import { regionOf, type ShowOptions, showRegion } from "./show-region.ts";
import type { TreeSelection } from "./tree-selection.ts";

/** A person's word. */
export type Decided = "accepted" | "rejected" | null;

/** What a reviewer works with. */
export interface ReviewerOptions {
  readonly services: Services;
  readonly store: ReviewStore;
  readonly selection: Pick<TreeSelection, "reveal">;
}

/** Goes from region to region. */
export class Reviewer implements ReviewService {
  readonly #options: ReviewerOptions;

  constructor(options: ReviewerOptions) {
    this.#options = options;
  }

  /** Shows a region in the preview and the tree. */
  async show(journal: string, region: ReviewRegion, options: ShowOptions): Promise<void> {
    const { services, store, selection } = this.#options;
    store.select(journal, region);
    const view = await store.open(journal);
    const current = view.regions.find((one) => regionId(one) === regionId(region)) ?? region;
    await Promise.all([showRegion(services, view, current, options), selection.reveal(journal, current)]);
  }

  /** Begins with the most doubtful region that is shown. */
  async begin(journal: string): Promise<void> {
    const { store } = this.#options;
    store.select(journal);
    const [first] = await store.shown(journal);
    if (first !== undefined) await this.show(journal, first, { preserveFocus: true });
  }

  async step(journal: string, by: 1 | -1): Promise<void> {
    const next = stepFrom(await this.#options.store.shown(journal), this.#currentOf(journal), by);
    if (next !== undefined) await this.show(journal, next, { preserveFocus: true });
  }

  async decide(
    journal: string,
    named: { readonly file: string; readonly name: string },
    decision: Decided,
  ): Promise<void> {
    const { services, store } = this.#options;
    const region = regionOf(services, await store.open(journal), named);
    if (region !== undefined) this.#note(journal, [region], decision);
  }

  /** Decides about a line of the tree, or the region at hand, which then is the next one. */
  async decideOn(node: ReviewNode | undefined, decision: Decided): Promise<void> {
    if (node?.kind === "region") this.#note(node.journal, [node.region], decision);
    else if (node?.kind === "photo") this.#note(node.journal, node.group.regions, decision);
    else await this.#decideHere(decision);
  }

  /** Decides about everything that is shown. */
  async decideAll(journal: string, decision: Decided): Promise<number> {
    const regions = await this.#options.store.shown(journal);
    this.#note(journal, regions, decision);
    return regions.length;
  }

  async #decideHere(decision: Decided): Promise<void> {
    const { store } = this.#options;
    const { region: current } = store;
    if (current === undefined) return;
    const { journal, id } = current;
    const regions = await store.shown(journal);
    const region = regions.find((one) => regionId(one) === id);
    if (region === undefined) return;
    // Before the filter lets it go.
    const next = stepFrom(regions, id, 1);
    this.#note(journal, [region], decision);
    if (next !== undefined) await this.show(journal, next, { preserveFocus: true });
  }

  #currentOf(journal: string): string | undefined {
    const { region } = this.#options.store;
    return region?.journal === journal ? region.id : undefined;
  }

  #note(journal: string, regions: readonly ReviewRegion[], decision: Decided): void {
    const decisions = regions.map(({ key, target, id }) => ({ key, target, id, decision }));
    this.#options.store.decide(journal, decisions);
  }
}
