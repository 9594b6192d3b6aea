/** How files that show the same regions depend on each other, by name: a job for a worker elsewhere names them. */
import { InputError } from "../../../core/errors.ts";
import { cityscapesColour, cityscapesTrainId } from "./cityscapes-table.ts";

/** How a sibling's values depend on the ids of its target. */
export interface FollowRule {
  /** What of an id the sibling shows, for example the class of an instance. @default the id */
  readonly keyOf?: (id: number) => number;
  /** The only value that a key may have, where the layout fixes it. */
  readonly fixed?: (key: number) => number;
  /** The value, or colour, of a key that the file has not shown yet. */
  readonly usual?: (key: number, colours: boolean) => number | undefined;
}

/** Cityscapes' pictures of one annotation: a later one can be told from an earlier one. */
export const cityscapesKinds = ["instanceIds", "labelIds", "labelTrainIds", "color"] as const;

/** One of them. */
export type CityscapesKind = (typeof cityscapesKinds)[number];

const opaqueBlack = 0xff000000;

/**
 * The rule of a name: `voc`, or `cityscapes:<kind of the target>:<kind of the sibling>`.
 *
 * @throws {InputError} for a name that is none
 */
export function followRule(name: string): FollowRule {
  if (name === "voc") return { usual: vocBackground };
  const [layout, target, sibling] = name.split(":");
  const [from, to] = [target, sibling].map((kind) => cityscapesKinds.find((one) => one === kind));
  if (layout === "cityscapes" && from !== undefined && to !== undefined) return cityscapesRule(from, to);
  throw new InputError(
    `"${name}" names no rule that files follow each other by: expected one of a known layout`,
  );
}

function cityscapesRule(target: CityscapesKind, sibling: CityscapesKind): FollowRule {
  const keyOf = target === "instanceIds" ? classOf : (id: number): number => id;
  if (sibling === "labelIds") return { keyOf, fixed: (id) => id };
  // Train ids are no classes: their colours can only be learned.
  if (target === "labelTrainIds") return { keyOf };
  return { keyOf, usual: sibling === "color" ? cityscapesColour : cityscapesTrainId };
}

/** Instances are numbered class · 1000 + n; below stand the classes of what is not counted. */
function classOf(id: number): number {
  return id < 1000 ? id : Math.floor(id / 1000);
}

/** Background is background in both files, also where a mask leaves none. */
function vocBackground(id: number, colours: boolean): number | undefined {
  if (id !== 0) return undefined;
  return colours ? opaqueBlack : 0;
}
