/** Masks as runs, as annotation files hold them. */
export { decodeRuns, encodeRuns, type RunLengthMask, runArea } from "../core/run-length.ts";
