/** The preview page. */
import { createRpc } from "../protocol/rpc.ts";

const host = acquireVsCodeApi();
const rpc = createRpc((message) => host.postMessage(message), {});
window.addEventListener("message", ({ data }) => rpc.receive(data));
