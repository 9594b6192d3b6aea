/** The commands of menus, palette and keys. */
import * as vscode from "vscode";
import type { PageCommand } from "../../protocol/preview.ts";
import { adaptWorkspace } from "../adapt/adapt-workspace.ts";
import { chooseModel } from "../models/choose-model.ts";
import type { Previews } from "../preview/previews.ts";
import type { RunService, Services } from "../services.ts";
import { showEngineStatus } from "../status/engine-status.ts";
import { chosenFiles } from "./chosen-files.ts";
import { compare } from "./compare.ts";
import { refine } from "./refine.ts";
import { askRefineOptions } from "./refine-with-options.ts";
import { restoreFiles } from "./restore-files.ts";

/** What commands work with. */
export interface CommandContext {
  readonly services: Services;
  readonly runs: RunService;
  readonly previews: Previews;
}

/** Commands of the page, by what follows `samrefiner.preview.`. */
const PAGE_COMMANDS: Readonly<Record<string, PageCommand>> = {
  accept: "accept",
  help: "help",
  zoomIn: "zoom-in",
  zoomOut: "zoom-out",
  zoomFit: "zoom-fit",
  nextRegion: "next-region",
  previousRegion: "previous-region",
  toggleRegion: "toggle-region",
  swipe: "mode:swipe",
  sideBySide: "mode:side-by-side",
  onionSkin: "mode:onion-skin",
  blink: "mode:blink",
  difference: "mode:difference",
  contour: "mode:contour",
};

/** Registers them; every failure is told. */
export function registerCommands(context: CommandContext): vscode.Disposable {
  const { services, previews } = context;
  const add = (name: string, run: (...args: never[]) => unknown): vscode.Disposable =>
    vscode.commands.registerCommand(`samrefiner.${name}`, async (...args: never[]) => {
      try {
        await run(...args);
      } catch (error) {
        void services.tellFailure(error);
      }
    });
  return vscode.Disposable.from(
    ...fileCommands(context).map(({ name, title, run }) =>
      add(name, async (focused?: vscode.Uri, selected?: unknown) => {
        const shown = previews.active?.source.sources;
        const uris = await chosenFiles({ focused, selected, shown, title });
        if (uris !== undefined) await run(uris);
      }),
    ),
    ...Object.entries(PAGE_COMMANDS).map(([name, command]) =>
      add(`preview.${name}`, () => previews.command(command)),
    ),
    add("preview.reload", () => previews.active?.reload()),
    add("adapt", () => adaptWorkspace(services)),
    add("chooseModel", () => chooseModel(services)),
    add("engineStatus", () => showEngineStatus(services)),
    add("restartEngine", () => services.engine.restart()),
    add("showLog", () => services.log.show()),
  );
}

/** A command about files. */
interface FileCommand {
  readonly name: string;
  /** Title of the dialog that asks for the files. */
  readonly title: string;
  readonly run: (uris: readonly vscode.Uri[]) => Promise<void>;
}

function fileCommands({ services, runs }: CommandContext): FileCommand[] {
  const masks = vscode.l10n.t("Choose masks to refine");
  const either = vscode.l10n.t("Choose a mask, or a mask and its photo");
  const replaced = vscode.l10n.t("Choose masks whose originals are to be restored");
  return [
    { name: "refine", title: masks, run: (uris) => refine({ services, runs }, uris) },
    { name: "refineWithOptions", title: masks, run: (uris) => refineWithOptions({ services, runs }, uris) },
    { name: "compare", title: either, run: (uris) => compare(services, uris) },
    { name: "restore", title: replaced, run: (uris) => restoreFiles(services, uris) },
    { name: "openPreview", title: masks, run: ([uri]) => openEditor(uri) },
  ];
}

async function refineWithOptions(
  context: Pick<CommandContext, "services" | "runs">,
  uris: readonly vscode.Uri[],
): Promise<void> {
  const [first] = uris;
  const options = first && (await askRefineOptions(context.services, first));
  if (options !== undefined) await refine(context, uris, options);
}

async function openEditor(uri: vscode.Uri | undefined): Promise<void> {
  if (uri !== undefined) await vscode.commands.executeCommand("vscode.openWith", uri, "samrefiner.preview");
}
