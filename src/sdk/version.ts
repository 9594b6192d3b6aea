/** Which release this is. */
import manifest from "../../package.json" with { type: "json" };

/** Version of this package, for example `0.1.0`. */
export const version: string = manifest.version;
