import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { editList, type ListChanges, locateEntries } from "../../../src/formats/json-text/edit-list.ts";
import { editText } from "../../../src/formats/text/edit-text.ts";

const edit = (text: string, changes: Partial<ListChanges>) => {
  const [entries] = locateEntries("a.json", text, [["list"]]);
  return editText(text, editList(text, entries!, { replaced: [], removed: [], added: [], ...changes }));
};
const ids = (text: string) => JSON.parse(text).list.map(({ id }: { id: number }) => id);
const text = JSON.stringify(
  { a: [{ id: 9 }], list: [{ id: 0 }, { id: 1 }, { id: 2 }, { id: 3 }], b: 1 },
  null,
  2,
);

describe("editList", () => {
  it("copies, replaces and removes entries, and leaves the rest as it is", () => {
    const changed = edit(text, {
      replaced: [{ index: 2, values: [[["id"], 20]] }],
      removed: [0, 1],
      added: [
        { after: 2, copyOf: 3, values: [[["id"], 30]] },
        { after: 2, copyOf: 3, values: [[["id"], 31]] },
      ],
    });
    expect(changed).toBe(
      JSON.stringify({ a: [{ id: 9 }], list: [20, 30, 31, 3].map((id) => ({ id })), b: 1 }, null, 2),
    );
  });

  it("removes any entries but the last one", () => {
    fc.assert(
      fc.property(fc.subarray([0, 1, 2, 3], { maxLength: 3 }), (removed) => {
        expect(ids(edit(text, { removed }))).toEqual([0, 1, 2, 3].filter((id) => !removed.includes(id)));
      }),
    );
  });

  it("finds the entries of several lists and objects at once", () => {
    const found = locateEntries("a.json", text, [["list"], ["b"], ["a", 0], ["none"]]);
    expect(found.map((entries) => entries.map(({ path }) => path.at(-1)))).toEqual([
      [0, 1, 2, 3],
      [],
      ["id"],
      [],
    ]);
  });
});
