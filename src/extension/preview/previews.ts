/** All previews of the window: panels and editors. */
import { randomBytes } from "node:crypto";
import { extname } from "node:path";
import * as vscode from "vscode";
import type { PageCommand } from "../../protocol/preview.ts";
import { chooseOnePhoto } from "../commands/choose-one-photo.ts";
import type { OpenPreviewOptions, PreviewSource } from "../services.ts";
import { previewHTML } from "./preview-html.ts";
import { type PreviewContext, PreviewSession } from "./preview-session.ts";
import { readState } from "./preview-state.ts";
import { RememberedSources } from "./remembered-sources.ts";
import { sameSource } from "./titles.ts";

/** View type of panels. */
const PANEL = "samrefiner.panel";
/** View type of the custom editor. */
const EDITOR = "samrefiner.preview";
/** Context key: whether one of our previews is in front. */
const ACTIVE = "samrefiner.previewActive";
/** Context key: whether it belongs to a review. */
const REVIEWS = "samrefiner.reviewPreviewActive";

/** A place where a preview is shown. */
interface Preview {
  readonly panel: vscode.WebviewPanel;
  readonly session: PreviewSession;
}

/** Opens previews, brings them back after a reload, and knows which one is in front. */
export class Previews {
  readonly #context: () => PreviewContext;
  readonly #previews = new Set<Preview>();

  /** @param context asked when it is needed: review and previews know each other */
  constructor(context: () => PreviewContext) {
    this.#context = context;
  }

  /** The preview in front. */
  get active(): PreviewSession | undefined {
    return [...this.#previews].find(({ panel }) => panel.active)?.session;
  }

  /** Offers the custom editor, and takes panels back after a reload. */
  register(): vscode.Disposable {
    return vscode.Disposable.from(
      vscode.window.registerWebviewPanelSerializer(PANEL, {
        deserializeWebviewPanel: async (panel, kept) => this.#restore(panel, kept),
      }),
      vscode.window.registerCustomEditorProvider(EDITOR, {
        openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
        resolveCustomEditor: ({ uri }, panel, token) => this.#fillEditor(uri, panel, token),
      } satisfies vscode.CustomReadonlyEditorProvider),
    );
  }

  /** See `Services.openPreview`. */
  async open(source: PreviewSource, options: OpenPreviewOptions = {}): Promise<void> {
    const { preserveFocus = false, column, reuse = source.journal !== undefined } = options;
    const found = this.#find(source, reuse);
    if (found === undefined) {
      const viewColumn = column ?? vscode.ViewColumn.Active;
      const panel = vscode.window.createWebviewPanel(PANEL, "SAMRefiner", { viewColumn, preserveFocus });
      this.#fill(panel, source, options);
      return;
    }
    found.panel.reveal(column, preserveFocus);
    if (sameSource(found.session.source, source) && !anew(options)) return;
    this.#remembered().remove(found.session.title, found.session.source);
    const shown = found.session.show(source, options);
    this.#tellTitle(found);
    await shown;
  }

  /** Runs a command of the page in front. */
  async command(command: PageCommand): Promise<void> {
    await this.active?.command(command);
  }

  #find(source: PreviewSource, reuse: boolean): Preview | undefined {
    const panels = [...this.#previews].filter(({ panel }) => panel.viewType === PANEL);
    return (
      panels.find(({ session }) => sameSource(session.source, source)) ??
      panels.find(({ session }) => reuse && session.source.journal === source.journal)
    );
  }

  #restore(panel: vscode.WebviewPanel, kept: unknown): void {
    const state = readState(kept);
    const isOpen = (source: PreviewSource): boolean => this.#find(source, false) !== undefined;
    const source = state?.source ?? this.#remembered().find(panel.title, isOpen);
    // What an older version kept cannot be shown.
    if (source === undefined) panel.dispose();
    else this.#fill(panel, source, state === undefined ? {} : { state, method: state.method });
  }

  #remembered(): RememberedSources {
    return new RememberedSources(this.#context().services.context.workspaceState);
  }

  async #fillEditor(
    uri: vscode.Uri,
    panel: vscode.WebviewPanel,
    token: vscode.CancellationToken,
  ): Promise<void> {
    if (uri.scheme !== "file") throw new Error(vscode.l10n.t("SAMRefiner needs files on disk."));
    const { services } = this.#context();
    // An annotation file can hold many photos.
    const source =
      extname(uri.fsPath).toLowerCase() === ".json"
        ? await chooseOnePhoto(services, uri.fsPath)
        : { sources: [uri.fsPath] };
    if (token.isCancellationRequested) return;
    if (source === undefined) panel.dispose();
    else this.#fill(panel, source, {});
  }

  #fill(panel: vscode.WebviewPanel, source: PreviewSource, options: OpenPreviewOptions): void {
    const context = this.#context();
    const { webview } = panel;
    const { extensionUri } = context.services.context;
    const assets = vscode.Uri.joinPath(extensionUri, "dist", "webview");
    panel.iconPath = vscode.Uri.joinPath(extensionUri, "media", "icon.svg");
    webview.options = { enableScripts: true, localResourceRoots: [assets] };
    const session = new PreviewSession(context, webview, source, options);
    const preview = { panel, session };
    this.#previews.add(preview);
    this.#tellTitle(preview);
    panel.onDidChangeViewState(() => this.#tellActive());
    panel.onDidDispose(() => {
      this.#previews.delete(preview);
      this.#remembered().remove(session.title, session.source);
      session.dispose();
      this.#tellActive();
    });
    session.start();
    webview.html = htmlFor(webview, assets, session.title);
    this.#tellActive();
  }

  /** Editors are called as their files. */
  #tellTitle({ panel, session }: Preview): void {
    if (panel.viewType !== PANEL) return;
    panel.title = session.title;
    this.#remembered().add(session.title, session.source);
  }

  #tellActive(): void {
    const { active } = this;
    void vscode.commands.executeCommand("setContext", ACTIVE, active !== undefined);
    void vscode.commands.executeCommand("setContext", REVIEWS, active?.source.journal !== undefined);
  }
}

/** Whether the options ask for more than what a preview that is open shows. */
function anew({ method, output, region, state }: OpenPreviewOptions): boolean {
  return [method, output, region, state].some((option) => option !== undefined);
}

function htmlFor(webview: vscode.Webview, assets: vscode.Uri, title: string): string {
  const at = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(assets, name)).toString();
  return previewHTML({
    cspSource: webview.cspSource,
    script: at("preview.js"),
    style: at("preview.css"),
    nonce: randomBytes(16).toString("hex"),
    language: vscode.env.language,
    title,
    texts: vscode.l10n.bundle ?? {},
  });
}
