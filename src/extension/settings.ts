/** The settings under `samrefiner.`, read when they are asked for. */
import { isAbsolute, join } from "node:path";
import * as vscode from "vscode";
import type { MethodChoice } from "../protocol/views.ts";
import type { OutputSettings, Settings } from "./services.ts";

/** Reads settings. */
export const settings: Settings = {
  method: (scope) => ({
    preset: read<MethodChoice["preset"]>("refine.preset", scope) ?? "default",
    settings: plain(read<MethodChoice["settings"]>("refine.settings", scope) ?? {}),
    mode: read<MethodChoice["mode"]>("refine.mode", scope) ?? "auto",
    ...optional("adaptor", adaptorFor(scope)),
  }),
  reading: (scope) => ({
    pairing: plain(read<string[]>("pairing.templates", scope) ?? []),
    ...optional("format", given(read<string>("pairing.format", scope), "auto")),
    ...optional("ignoreLabel", read<number | null>("refine.ignoreLabel", scope) ?? undefined),
  }),
  output: (scope) => ({
    kind: read<OutputSettings["kind"]>("refine.output", scope) ?? "beside",
    mirrorFolder: read<string>("refine.mirrorFolder", scope) ?? "refined",
    overwrite: read<boolean>("refine.overwrite", scope) ?? false,
  }),
  engine: () => ({
    device: read<string>("engine.device") ?? "auto",
    ...optional("model", chosenModel()),
    ...optional("threads", read<number | null>("engine.threads") ?? undefined),
    ...optional("cacheDir", given(read<string>("engine.cacheDir"), "")),
  }),
  nodePath: () => given(read<string>("engine.nodePath"), ""),
};

function read<T>(name: string, scope?: vscode.Uri): T | undefined {
  return vscode.workspace.getConfiguration("samrefiner", scope ?? null).get<T>(name);
}

/** Objects of the configuration are proxies, which no process or page can be sent. */
function plain<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** Paths count from the workspace folder; a bare name is one of the user's folder of adaptors. */
function adaptorFor(scope: vscode.Uri): string | undefined {
  const adaptor = given(read<string>("refine.adaptor", scope), "");
  if (adaptor === undefined || isAbsolute(adaptor) || !/[\\/]|\.safetensors$/i.test(adaptor)) return adaptor;
  const folder = vscode.workspace.getWorkspaceFolder(scope)?.uri.fsPath;
  return folder === undefined ? adaptor : join(folder, adaptor);
}

function given(value: string | undefined, none: string): string | undefined {
  return value === none ? undefined : value;
}

function optional<K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [P in K]: V });
}

/** Own model files go before a model's name; one file without the other is told by the engine. */
function chosenModel(): string | { encoder: string; decoder: string } | undefined {
  const [encoder, decoder] = ["engine.encoderPath", "engine.decoderPath"].map(
    (name) => read<string>(name) ?? "",
  ) as [string, string];
  return encoder === "" && decoder === "" ? given(read<string>("engine.model"), "") : { encoder, decoder };
}
