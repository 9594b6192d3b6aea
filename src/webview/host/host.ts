/** The page's line to the extension. */
import type { PageRequests, PreviewRequests, PreviewState } from "../../protocol/preview.ts";
import { createRpc, type Handlers, type Rpc } from "../../protocol/rpc.ts";

/** Who shows the page. */
export interface Host {
  readonly request: Rpc<PreviewRequests>["request"];
  /** What the page kept before it was reloaded. */
  readonly kept: PreviewState | null;
  keep(state: PreviewState): void;
}

/** Connects with the host; `handlers` answer it. */
export function connectHost(handlers: Handlers<PageRequests>): Host {
  const api = acquireVsCodeApi();
  const rpc = createRpc<PreviewRequests, PageRequests>((message) => api.postMessage(message), handlers);
  window.addEventListener("message", ({ data }) => rpc.receive(data));
  return {
    request: rpc.request,
    kept: (api.getState() as PreviewState | undefined) ?? null,
    keep: (state) => api.setState(state),
  };
}
