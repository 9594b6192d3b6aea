// Figures of the paper (arXiv 2502.06756) beside ours: IoU in percent, SAM ViT-H. `undefined` where its table is not at
// hand; a cell that is filled in here appears in docs/benchmarks.md with the next `node bench/tables.mjs --render`.

/** DAVIS-585: coarse masks, SAMRefiner (Table 1, all prompts), and with IoU adaption. */
export const davis585 = { coarse: 81.4, samrefiner: 86.9, adapted: 87.1 };

/** Table 1 by row, tables 2a to c, 5 and 7 by row: `{ label: IoU }`. */
export const table1 = { "point + box + mask": davis585.samrefiner };
export const table2a = {};
export const table2b = {};
export const table2c = {};
export const table5 = { coarse: davis585.coarse, "SAMRefiner as in the paper": davis585.samrefiner };
