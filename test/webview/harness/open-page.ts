/// <reference types="node" />
/** A real Chromium with the page in it, and what tests do with it. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type FrameLocator, type Locator, type Page } from "playwright-core";
import sharp from "sharp";
import type { ThemeName } from "./themes.ts";

const SHOTS = join(import.meta.dirname, "../../../.cache/webview-shots");
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Path of a Chromium; `undefined` where there is none. `SAMREFINER_CHROMIUM` names another. */
export const chromiumPath: string | undefined = [process.env["SAMREFINER_CHROMIUM"] ?? "", ...PLACES].find(
  (path) => path !== "" && existsSync(path),
);

/** Starts the browser. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath!,
    ignoreDefaultArgs: ["--hide-scrollbars"],
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** One request that the page made. */
export interface Asked {
  readonly method: string;
  readonly params: Record<string, unknown>;
  readonly cancelled: boolean;
}

/** Pixels of a part of the screen. */
export interface Shot {
  /** `[height, width, 3]`, row-major. */
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

/** How the page is opened. */
export interface OpenOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  readonly reducedMotion?: "reduce" | "no-preference";
}

/** The page in the browser. */
export class OpenedPage {
  readonly page: Page;
  readonly frame: FrameLocator;
  readonly canvas: Locator;
  /** What went wrong on the page: errors, and what its security policy forbade. */
  readonly faults: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    this.frame = page.frameLocator("iframe");
    this.canvas = this.frame.locator(".canvas");
    page.on("pageerror", ({ message }) => this.faults.push(message));
    page.on("console", (message) => {
      if (message.type() === "error") this.faults.push(message.text());
    });
  }

  static async open(
    browser: Browser,
    url: string,
    scene: string,
    options: OpenOptions = {},
  ): Promise<OpenedPage> {
    const { theme = "dark", width = 1280, height = 800, reducedMotion = "no-preference" } = options;
    const page = await browser.newPage({ viewport: { width, height }, reducedMotion });
    page.setDefaultTimeout(60_000);
    const opened = new OpenedPage(page);
    await page.goto(`${url}?scene=${scene}&theme=${theme}`);
    await opened.ready();
    return opened;
  }

  /** Waits until photo and masks are drawn. */
  async ready(): Promise<void> {
    await this.frame.locator(".region-row[aria-selected='true']").first().waitFor();
    await this.settled();
    await this.canvas.focus();
  }

  /** Waits until the page has heard of the host and drawn what it said. */
  async settled(): Promise<void> {
    const busy = this.frame.locator(".progress.on");
    await busy.waitFor({ state: "hidden" });
    // Pictures are asked for a little later, and tiles are painted over some frames.
    await this.page.waitForTimeout(500);
    await busy.waitFor({ state: "hidden" });
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
    await this.page.waitForTimeout(80);
  }

  /** Everything that the page has asked of its host. */
  asked(method?: string): Promise<Asked[]> {
    return this.page.evaluate((name) => {
      const { asked } = (window as unknown as { harness: { asked: Asked[] } }).harness;
      return asked.filter((entry) => name === undefined || entry.method === name);
    }, method);
  }

  /** Asks the page as the host does. */
  tell(method: string, params: unknown): Promise<unknown> {
    return this.page.evaluate(
      ([name, given]) => {
        const { harness } = window as unknown as {
          harness: { request: (method: string, params: unknown) => Promise<unknown> };
        };
        return harness.request(name as string, given);
      },
      [method, params] as const,
    );
  }

  /** What is seen of an element. */
  async shot(target: Locator = this.canvas): Promise<Shot> {
    const { data, info } = await sharp(await target.screenshot())
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height };
  }

  /** Keeps a picture of the page for people. */
  async keep(name: string): Promise<void> {
    mkdirSync(SHOTS, { recursive: true });
    await this.page.screenshot({ path: join(SHOTS, `${name}.png`) });
  }

  /** Text of the status line's part. */
  async readout(part: "place" | "colour" | "labels"): Promise<string> {
    return (await this.frame.locator(`.readout .${part}`).textContent()) ?? "";
  }

  /** Moves the pointer over a place of the stage. */
  async point(x: number, y: number): Promise<void> {
    const box = (await this.canvas.boundingBox())!;
    await this.page.mouse.move(box.x + x, box.y + y);
    await this.page.waitForTimeout(60);
  }

  close(): Promise<void> {
    return this.page.close();
  }
}

/** Share of pixels that differ visibly. */
export function differing(a: Shot, b: Shot): number {
  let pixels = 0;
  for (let i = 0; i < a.data.length; i += 3) {
    const far = [0, 1, 2].some((c) => Math.abs(a.data[i + c]! - b.data[i + c]!) > 12);
    if (far) pixels++;
  }
  return pixels / (a.data.length / 3);
}

/** The colour at a place. */
export function colourAt({ data, width }: Shot, x: number, y: number): number[] {
  const i = 3 * (y * width + x);
  return [...data.subarray(i, i + 3)];
}
