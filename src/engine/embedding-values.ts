/** How long an image embedding is. */
import { EMBEDDING_CHANNELS, EMBEDDING_SIZE } from "../core/frame.ts";

/** Values of `[256, 64, 64]`. Encoders of HQ-SAM add their features behind them. */
export const EMBEDDING_VALUES: number = EMBEDDING_CHANNELS * EMBEDDING_SIZE * EMBEDDING_SIZE;
