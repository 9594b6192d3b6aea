/** Chromium, without windows and without a network. */
import { type Browser, chromium } from "playwright-core";

const FLAGS = [
  ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
  ...["--disable-dev-shm-usage", "--hide-scrollbars"],
];

export async function openBrowser(): Promise<Browser> {
  const { findChromium } = await import("../../../scripts/vscode-host/find-chromium.mjs");
  return chromium.launch({ executablePath: findChromium(), args: FLAGS });
}
