/** The harness's outer page: it stands for the extension, and hands what the page asks on to the server. */
import type { PageRequests, PreviewRequests, PreviewState } from "../../../src/protocol/preview.ts";
import { createRpc, type Handlers } from "../../../src/protocol/rpc.ts";
import { pack, unpack } from "./wire.ts";

/** One request of the page. */
interface Asked {
  readonly method: string;
  readonly params: unknown;
  cancelled: boolean;
}

const frame = document.querySelector("iframe")!;
const scene = new URLSearchParams(location.search).get("scene") ?? "sample";
const asked: Asked[] = [];
let kept: PreviewState | undefined;

async function ask(method: string, params: unknown, signal: AbortSignal): Promise<never> {
  const entry: Asked = { method, params, cancelled: false };
  asked.push(entry);
  signal.addEventListener("abort", () => {
    entry.cancelled = true;
  });
  const response = await fetch(`/ask/${scene}/${method}`, { method: "POST", body: pack(params), signal });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return unpack<never>(text);
}

const METHODS: readonly (keyof PreviewRequests)[] = [
  ...([
    "ready",
    "refine",
    "prompt",
    "choose",
    "pictures",
    "save",
    "restore",
    "step",
    "decide",
    "act",
  ] as const),
];
const handlers = Object.fromEntries(
  METHODS.map((method) => [method, (params: unknown, signal: AbortSignal) => ask(method, params, signal)]),
) as unknown as Handlers<PreviewRequests>;

const rpc = createRpc<PageRequests, PreviewRequests>(
  (message) => frame.contentWindow?.postMessage(message, "*"),
  handlers,
);
window.addEventListener("message", ({ source, data }) => {
  if (source === frame.contentWindow) rpc.receive(data);
});

// What the inner page and the test use.
Object.assign(window, {
  harness: {
    asked,
    request: rpc.request,
    getState: () => kept,
    setState: (state: PreviewState) => {
      kept = state;
    },
  },
});
frame.src = `/page.html${location.search}`;
