/** The panels of a comparison sheet. */
import type { Box, LabelMap } from "../core/mask.ts";
import { type ChangeCounts, countChanges } from "./changes.ts";
import type { Colour } from "./colour.ts";
import { difference } from "./difference.ts";
import { drawRectangle } from "./draw-rectangle.ts";
import { type ChangeWords, changeLegend } from "./legend.ts";
import { overlay } from "./overlay.ts";
import type { Panel } from "./panel.ts";
import { copyPicture, type Picture } from "./picture.ts";
import { COARSE, REFINED, TRUTH } from "./theme.ts";
import { type View, viewEdges, viewLabels } from "./view.ts";

/** What the panels of one sheet share. */
export interface Scene {
  /** The photo at the panels' size. */
  readonly shown: Picture;
  readonly coarse: LabelMap;
  readonly refined: LabelMap;
  readonly ignoreLabel: number | null;
  /** Whether the maps hold a single object, shown in the colours of coarse and refined. */
  readonly single: boolean;
  /** The whole photo at the panels' size. */
  readonly view: View;
  /** Smallest width a legend may count on. */
  readonly cellWidth: number;
  /** Parts of the photo shown in the close-ups. */
  readonly closeUps: readonly Box[];
}

/** Photo, coarse, refined and their difference. */
export function plainPanels(scene: Scene): [photo: Panel, coarse: Panel, refined: Panel, changes: Panel] {
  const { shown, coarse, refined } = scene;
  return [
    { heading: "photo", picture: shown },
    overlayPanel("coarse", scene, coarse, COARSE),
    overlayPanel("refined", scene, refined, REFINED),
    changesPanel(scene),
  ];
}

/** The panels of {@link plainPanels} in an order that suits three columns, with the truth and the errors left. */
export function truthPanels(scene: Scene, truth: LabelMap): Panel[] {
  const [photo, coarse, refined, changes] = plainPanels(scene);
  const judged = withoutIgnored(truth, scene);
  const errors = differencePanel("errors left", scene, scene.refined, judged, [
    "missed",
    "too much",
    "wrong id",
  ]);
  return [photo, overlayPanel("ground truth", scene, truth, TRUTH), changes, coarse, refined, errors];
}

function overlayPanel(heading: string, scene: Scene, labels: LabelMap, colour: Colour): Panel {
  const { shown, ignoreLabel, single, view } = scene;
  const options = single ? { ignoreLabel, colour } : { ignoreLabel };
  return { heading, picture: overlay(shown, viewLabels(labels, view), options) };
}

function changesPanel(scene: Scene): Panel {
  const panel = differencePanel("changes", scene, scene.coarse, scene.refined);
  const picture = copyPicture(panel.picture);
  for (const box of scene.closeUps)
    drawRectangle(picture, viewEdges(box, scene.view), { colour: [255, 255, 255] });
  return { ...panel, picture };
}

function differencePanel(
  heading: string,
  { shown, cellWidth }: Scene,
  before: LabelMap,
  after: LabelMap,
  words?: ChangeWords,
): Panel {
  const counts: ChangeCounts = countChanges(before, after);
  const picture = difference(shown, before, after);
  return { heading, picture, below: [changeLegend(counts, cellWidth, words)] };
}

/** The truth, with the refined ids where the truth says "ignore": those pixels are neither right nor wrong. */
function withoutIgnored(truth: LabelMap, { refined, ignoreLabel }: Scene): LabelMap {
  if (ignoreLabel === null) return truth;
  return { ...truth, data: truth.data.map((id, i) => (id === ignoreLabel ? refined.data[i]! : id)) };
}
