/** Notebooks: a new one works at once, whatever a cell does can be stopped, and untrusted folders run nothing. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { describe, expect, inject } from "vitest";
import { dialogButton, explorerRow, projectRoot, runCommand } from "./harness/mod.ts";
import { addCell, outputs, runCell, toolButton } from "./harness/notebook-page.ts";
import { startServer } from "./harness/start-server.ts";
import { walk } from "./harness/walk.ts";

/** Kernels of the extension that is installed in a folder, by process id. */
function kernels(extensionsFolder: string): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter(
      (pid) =>
        pid > 0 &&
        commandOf(pid).some((part) => part.startsWith(extensionsFolder) && part.endsWith("/dist/kernel.js")),
    );
}

function commandOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
  } catch {
    // It ended meanwhile.
    return [];
  }
}

describe("in a folder that is trusted", () => {
  // The tests' VS Code comes without TypeScript; a person's has it.
  const typescript = { "typescript.tsdk": join(projectRoot, "node_modules/typescript/lib") };
  const w = walk({
    name: "notebook",
    server: () => startServer({ extensionsFolder: inject("server").extensionsFolder, settings: typescript }),
  });
  const { step } = w;

  step("New Refinement Notebook opens one with its kernel chosen", async (page) => {
    await runCommand(page, "SAMRefiner: New Refinement Notebook");
    await page.getByText("SAMRefiner (TypeScript)").first().waitFor();
    await toolButton(page, "Run All").waitFor();
    await page.locator(".view-line", { hasText: "liveProgress" }).first().waitFor();
    await w.shot("new");
    expect(kernels(w.server.extensionsFolder)).toEqual([]);
  });

  step(
    "before anything has run, cells know the SDK and each other: members, options, documentation",
    async (page) => {
      const name = page
        .locator(".view-line", { hasText: "await refine" })
        .getByText("refine", { exact: true });
      await expect
        .poll(
          async () => {
            await page.mouse.move(5, 5);
            await name.first().hover();
            await page.waitForTimeout(1500);
            return page
              .locator(".monaco-hover:visible")
              .first()
              .innerText()
              .catch(() => "");
          },
          { timeout: 80_000 },
        )
        .toMatch(/Promise<RefineResult>[\s\S]*Refines the masks of one photo/);
      await w.shot("hover");
      await page.mouse.move(5, 5);
      await addCell(page, "result.masks[0]?");
      await page.keyboard.type(".");
      const suggestions = page.locator(".suggest-widget.visible");
      await expect
        .poll(
          async () => {
            // TypeScript's server may still be taking the new cell in.
            if (!(await suggestions.isVisible())) await page.keyboard.press("Control+Space");
            await page.waitForTimeout(1500);
            return (await suggestions.isVisible()) ? suggestions.innerText() : "";
          },
          { timeout: 80_000 },
        )
        .toContain("changes");
      await w.shot("types");
      await page.keyboard.press("Escape");
      await runCommand(page, "Notebook: Delete Cell");
      expect(kernels(w.server.extensionsFolder)).toEqual([]);
    },
    180_000,
  );

  step(
    "Run All refines the sample: progress, pictures, a table, a file",
    async (page) => {
      // Outputs that are out of sight may not be drawn yet.
      await runCommand(page, "Notebook: Focus First Cell");
      await toolButton(page, "Run All").click();
      await expect.poll(() => existsSync(w.workspace.path("refined.png")), { timeout: 90_000 }).toBe(true);
      const pictures = outputs(page).locator("img");
      await pictures.first().waitFor();
      await w.shot("ran");
      const sizes = await pictures.evaluateAll((images) =>
        images.map((image) => (image as HTMLImageElement).naturalWidth),
      );
      expect(Math.min(...sizes)).toBeGreaterThan(400);
      await outputs(page).getByText("1 of 1 regions").first().waitFor();
      expect(kernels(w.server.extensionsFolder)).toHaveLength(1);
    },
    150_000,
  );

  step("results of earlier cells are at hand, and imports", async (page) => {
    await runCell(
      page,
      'const twice = 2 as number; ["verdict", result.regions[0].verdict, typeof refine].join(" ")',
    );
    await outputs(page).getByText("verdict refined function").first().waitFor();
    await w.shot("kept");
  });

  step("where no type is known, suggestions come from the kernel's values", async (page) => {
    await runCell(page, "const loose: any = result.masks[0]; 'loose ' + 'now'");
    await outputs(page).getByText("loose now").first().waitFor();
    await addCell(page, "loose");
    await page.keyboard.type(".");
    await page.locator(".suggest-widget.visible").getByText("changes").first().waitFor();
    await w.shot("suggestions");
    await page.keyboard.press("Escape");
    await runCommand(page, "Notebook: Delete Cell");
  });

  step("an endless loop is interrupted, and the next cell runs with the variables kept", async (page) => {
    await runCell(page, "while (true);");
    await page.waitForTimeout(1500);
    await toolButton(page, "Interrupt").click();
    await outputs(page).getByText("The cell was interrupted").first().waitFor();
    await w.shot("interrupted");
    await runCell(page, "const twice = result.masks.length + ' masks afterwards'; twice");
    await outputs(page).getByText("1 masks afterwards").first().waitFor();
  });

  step("a cell that waits is interrupted", async (page) => {
    await runCell(page, 'console.log("from now on " + "it waits"); await new Promise(() => undefined);');
    await outputs(page).getByText("from now on it waits").first().waitFor();
    await toolButton(page, "Interrupt").click();
    await outputs(page).getByText("The cell was interrupted").nth(1).waitFor();
    await runCell(page, '"after " + "waiting"');
    await outputs(page).getByText("after waiting").first().waitFor();
  });

  step("an error's place is a link into its cell", async (page) => {
    await runCell(
      page,
      "const fine = 1;\nfunction boom(): never {\n  throw new TypeError('no such thing');\n}\nboom();",
    );
    await outputs(page).getByText("no such thing").first().waitFor();
    const link = outputs(page).getByRole("link", { name: "line 3" }).first();
    await link.waitFor();
    await w.shot("error");
    await runCommand(page, "Notebook: Focus First Cell");
    // By event: a mouse would have to scroll back to the cell first. VS Code passes over one without a view.
    await link.evaluate((node) => {
      const view = node.ownerDocument.defaultView;
      node.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, composed: true, view }));
    });
    const cell = page.locator(".code-cell-row.focused");
    await cell.locator(".view-line", { hasText: "no such thing" }).waitFor();
    await w.shot("error-place");
  });

  step("Restart forgets the variables", async (page) => {
    const [before] = kernels(w.server.extensionsFolder);
    await toolButton(page, "Restart Kernel").click();
    await expect.poll(() => kernels(w.server.extensionsFolder)).toEqual([]);
    await runCell(page, "['result is', typeof result, 'now'].join(' ')");
    await outputs(page).getByText("result is undefined now").first().waitFor();
    expect(kernels(w.server.extensionsFolder)).not.toContain(before);
    await w.shot("restarted");
  });

  step("closing the notebook ends its kernel; nothing was asked of other machines", async (page) => {
    await runCommand(page, "View: Revert and Close Editor");
    await expect.poll(() => kernels(w.server.extensionsFolder)).toEqual([]);
    expect(w.window.foreign).toEqual([]);
  });
});

/** A notebook that leaves a trace when it is run. */
const TRACE = JSON.stringify({
  cells: [
    {
      cell_type: "code",
      execution_count: null,
      id: "a",
      metadata: {},
      outputs: [],
      source: ['import { writeFileSync } from "node:fs";\n', 'writeFileSync("trace", "");'],
    },
  ],
  metadata: { kernelspec: { name: "deno", display_name: "Deno", language: "typescript" } },
  nbformat: 4,
  nbformat_minor: 5,
});

describe("in a folder that is not trusted", () => {
  const w = walk({
    name: "notebook-untrusted",
    files: { "foreign.ipynb": { text: TRACE } },
    server: () => startServer({ trust: true, extensionsFolder: inject("server").extensionsFolder }),
  });
  const { step } = w;

  step("a cell asks for trust, and without it nothing is run", async (page) => {
    await page.getByText("Restricted Mode").first().waitFor();
    await openNotebook(page, "foreign.ipynb");
    await page.getByText("SAMRefiner (TypeScript)").first().waitFor();
    await toolButton(page, "Run All").click();
    await dialogButton(page, "Cancel").waitFor();
    await w.shot("asks");
    await dialogButton(page, "Cancel").click();
    await page.waitForTimeout(2000);
    await w.shot("refused");
    expect(kernels(w.server.extensionsFolder)).toEqual([]);
    expect(existsSync(w.workspace.path("trace"))).toBe(false);
  });

  step("the same cell runs once the folder is trusted", async (page) => {
    await toolButton(page, "Run All").click();
    await dialogButton(page, /Trust/).first().click();
    await expect.poll(() => existsSync(w.workspace.path("trace")), { timeout: 30_000 }).toBe(true);
    await w.shot("trusted");
  });
});

/** Before VS Code has registered its extensions, a notebook opens as the text that it is. */
async function openNotebook(page: Page, path: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await (await explorerRow(page, path)).dblclick();
    try {
      await toolButton(page, "Run All").waitFor({ timeout: 8_000 });
      return;
    } catch (error) {
      if (attempt === 4) throw error;
      await runCommand(page, "View: Close All Editors");
    }
  }
}
