/** Pictures of results: overlays, contours, differences, heat maps and sheets. Pure; encoding is the caller's. */
export { blit } from "./blit.ts";
export { type ChangeCounts, countChanges } from "./changes.ts";
export { classColour, IGNORE_COLOUR } from "./class-colours.ts";
export { type Colour, withOpacity } from "./colour.ts";
export { type ComparisonSheetInput, comparisonSheet } from "./comparison-sheet.ts";
export { type ContourOptions, contour } from "./contour.ts";
export { crop } from "./crop.ts";
export { CHANGE_COLOURS, difference } from "./difference.ts";
export { differenceLegend } from "./difference-legend.ts";
export { drawCross } from "./draw-cross.ts";
export { drawCircle, drawDisc } from "./draw-disc.ts";
export { drawLine, type StrokeStyle } from "./draw-line.ts";
export { drawPoint } from "./draw-point.ts";
export { drawPrompts } from "./draw-prompts.ts";
export { drawRectangle } from "./draw-rectangle.ts";
export { drawTag, measureTag } from "./draw-tag.ts";
export { drawText, fitText, measureText, type TextSize, type TextStyle } from "./draw-text.ts";
export { type ExplainSheetInput, explainSheet } from "./explain-sheet.ts";
export type {
  ExplainedCandidate,
  ExplainedIteration,
  ExplainedPrompts,
  ExplainedRegion,
} from "./explained-region.ts";
export { heat } from "./heat.ts";
export { heatColour } from "./heat-colour.ts";
export { type OverlayOptions, overlay } from "./overlay.ts";
export { type Pixels, photoPicture } from "./photo-picture.ts";
export { copyPicture, createPicture, fill, type Picture } from "./picture.ts";
export { regionThumbnail } from "./region-thumbnail.ts";
export {
  type ReportCard,
  type ReportGallery,
  type ReportPage,
  reportPage,
} from "./report-page.ts";
export { resize } from "./resize.ts";
export { resizeLabels } from "./resize-labels.ts";
export type { Edges, Place } from "./shapes.ts";
export type { View } from "./view.ts";
