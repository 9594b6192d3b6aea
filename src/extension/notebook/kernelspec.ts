/** What a notebook says about its language, so that Jupyter opens it with Deno's kernel. */

const KERNELSPEC = { name: "deno", display_name: "Deno", language: "typescript" };
const LANGUAGE = {
  name: "typescript",
  file_extension: ".ts",
  mimetype: "text/x.typescript",
  codemirror_mode: "typescript",
  nbconvert_exporter: "script",
  pygments_lexer: "typescript",
};

/** Metadata of a notebook as VS Code's `.ipynb` editor has it: the file's own is below `metadata`. */
export interface NotebookMetadata {
  readonly [key: string]: unknown;
  readonly metadata?: {
    readonly [key: string]: unknown;
    readonly kernelspec?: { readonly language?: string };
  };
}

/** Whether its cells are ours to run. */
export function isTypeScriptNotebook({ metadata = {} }: NotebookMetadata): boolean {
  const { kernelspec, language_info: language } = metadata;
  const names = [kernelspec?.language, (language as { name?: string } | undefined)?.name];
  return names.some((name) => name === "typescript" || name === "javascript");
}

/** The metadata with our language in it. */
export function withKernelspec(metadata: NotebookMetadata): NotebookMetadata {
  return { ...metadata, metadata: { ...metadata.metadata, kernelspec: KERNELSPEC, language_info: LANGUAGE } };
}
