/** The engine process: the SDK behind JSON-RPC, started by the extension. */
import { ENGINE_PROTOCOL } from "../../protocol/engine.ts";

process.on("message", () => process.send?.({ protocol: ENGINE_PROTOCOL }));
