/** The tree's selection and the region at hand, with a tree that answers late. */
import { expect, it } from "vitest";
import type { ReviewNode } from "../../../src/extension/review/review-tree.ts";
import { TreeSelection } from "../../../src/extension/review/tree-selection.ts";
import type { ReviewRegion } from "../../../src/protocol/engine.ts";

const JOURNAL = "/runs/samrefiner-run.jsonl";
type Listener = (event: { selection: readonly ReviewNode[] }) => void;

function node(id: string): ReviewNode & { readonly kind: "region" } {
  const region: ReviewRegion = {
    ...{ key: "a.jpg", target: 0, id, label: id },
    ...{ verdict: "refined", doubt: 0, coarseIoU: 1 },
  };
  return { kind: "region", journal: JOURNAL, region };
}

/** A tree that tells of its selection when the test wants it. */
function setUp() {
  let tell: Listener = () => undefined;
  const shown: string[] = [];
  const view = {
    visible: true,
    selection: [] as ReviewNode[],
    reveal: async (element: ReviewNode) => {
      if (element.kind === "region") shown.push(element.region.id);
    },
    onDidExpandElement: () => ({ dispose: () => undefined }),
    onDidChangeSelection: (listener: Listener) => {
      tell = listener;
      return { dispose: () => undefined };
    },
  };
  const store = {
    journal: JOURNAL,
    region: undefined as { journal: string; id: string } | undefined,
    select: (journal: string, region?: ReviewRegion) => {
      store.region = region && { journal, id: JSON.stringify([region.key, region.target, region.id]) };
    },
  };
  const selection = new TreeSelection(view, store);
  const choose = (id: string): void => {
    view.selection = [node(id)];
    tell({ selection: view.selection });
  };
  /** What a step through the regions does. */
  const step = (id: string): Promise<void> => {
    store.select(JOURNAL, node(id).region);
    return selection.reveal(JOURNAL, node(id).region);
  };
  return { choose, step, shown, atHand: () => store.region?.id && JSON.parse(store.region.id)[2] };
}

it("what is chosen in the tree is at hand", () => {
  const { choose, atHand } = setUp();
  choose("2");
  expect(atHand()).toBe("2");
});

it("an answer that comes late does not undo the next step", async () => {
  const { choose, step, shown, atHand } = setUp();
  const steps = [step("1"), step("2")];
  choose("1");
  expect(atHand()).toBe("2");
  choose("2");
  await Promise.all(steps);
  expect(atHand()).toBe("2");
  // The first step's region is not asked for again once the second is at hand.
  expect(shown).toEqual(["1", "2"]);
  choose("1");
  expect(atHand()).toBe("1");
});

it("a tree that is being filled is asked again, for a while", async () => {
  const { step, shown } = setUp();
  await step("1");
  expect(shown).toEqual(["1", "1", "1", "1"]);
});
