/** Names of the rewritten decoder's outputs. */
export const DECODER_OUTPUTS = {
  masks: "all_low_res_masks",
  iou: "all_iou_predictions",
  features: "iou_head_features",
} as const;

/** Name of the output with HQ-SAM's own mask, where there is one. */
export const HQ_OUTPUT = "hq_low_res_mask";
