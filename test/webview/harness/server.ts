/// <reference types="node" />
/** Serves the page as VS Code does: in a frame, with its security policy and its theme's variables. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { build } from "esbuild";
import type { Scene } from "./scene.ts";
import { type ThemeName, themeSheet, themes } from "./themes.ts";
import { pack, unpack } from "./wire.ts";

const ROOT = join(import.meta.dirname, "../../..");
const NONCE = "harness";

/** A running harness. */
export interface Harness {
  /** Where it is; `?scene=…&theme=…` choose. */
  readonly url: string;
  close(): Promise<void>;
}

/** Builds the page from its sources and serves it; scenes by name. */
export async function startHarness(scenes: Readonly<Record<string, Scene>>): Promise<Harness> {
  const files = await buildPage();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://harness");
    const send = (type: string, body: string | Uint8Array): void => {
      response.setHeader("content-type", type);
      response.setHeader("cache-control", "no-store");
      response.end(body);
    };
    const [, place, scene = "", method = ""] = pathname.split("/");
    if (place === "ask") {
      text(request)
        .then((body) => scenes[scene]!.answer(method, unpack<never>(body)))
        .then((answer) => send("application/json", pack(answer)))
        .catch((error: unknown) => {
          response.statusCode = 500;
          send("text/plain", error instanceof Error ? error.message : String(error));
        });
    } else if (pathname === "/") send("text/html", OUTER);
    else if (pathname === "/page.html")
      send(
        "text/html",
        innerPage(`http://${request.headers.host}`, searchParams.get("theme") as ThemeName | null),
      );
    else {
      const file = files.get(pathname.slice(1));
      // Browsers ask for an icon too.
      if (file === undefined) response.statusCode = 204;
      send(pathname.endsWith(".css") ? "text/css" : "text/javascript", file ?? "");
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, close: () => stop(server, scenes) };
}

async function stop(server: Server, scenes: Readonly<Record<string, Scene>>): Promise<void> {
  server.closeAllConnections();
  server.close();
  for (const scene of Object.values(scenes)) await scene.close();
}

/** The page's files as `esbuild.mjs` makes them, and the harness's own. */
async function buildPage(): Promise<Map<string, Uint8Array>> {
  const { outputFiles } = await build({
    entryPoints: [
      { in: join(ROOT, "src/webview/preview.ts"), out: "preview" },
      { in: join(import.meta.dirname, "host.ts"), out: "host" },
    ],
    bundle: true,
    write: false,
    outdir: "/",
    format: "esm",
    platform: "browser",
    target: "chrome120",
    logLevel: "warning",
  });
  return new Map(outputFiles.map(({ path, contents }) => [path.split(/[\\/]/).at(-1)!, contents]));
}

const OUTER = `<!doctype html>
<title>harness</title>
<style>html, body { height: 100%; margin: 0 } iframe { display: block; width: 100%; height: 100%; border: 0 }</style>
<iframe></iframe>
<script type="module" src="/host.js"></script>`;

/** The policy of docs, word for word; `cspSource` is the harness's own address. */
function innerPage(cspSource: string, theme: ThemeName | null): string {
  const policy = [
    "default-src 'none'",
    "img-src blob: data:",
    `style-src ${cspSource} 'nonce-${NONCE}'`,
    `script-src 'nonce-${NONCE}'`,
  ].join("; ");
  const name = theme ?? "dark";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<style nonce="${NONCE}">${themeSheet(name)}</style>
<link rel="stylesheet" href="${cspSource}/preview.css">
<script nonce="${NONCE}">
  window.acquireVsCodeApi = () => ({
    postMessage: (message) => parent.postMessage(message, "*"),
    getState: () => parent.harness.getState(),
    setState: (state) => parent.harness.setState(state),
  });
</script>
</head>
<body class="${themes[name].className}">
<script nonce="${NONCE}" type="module" src="${cspSource}/preview.js"></script>
</body>
</html>`;
}
