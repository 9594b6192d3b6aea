import { fileURLToPath } from "node:url";

/** Absolute folder of this checkout. */
export const projectRoot: string = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");
