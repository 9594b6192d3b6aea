/** A plugin of TypeScript's server that VS Code starts: types in the cells of notebooks, those of the SDK among them. */
import { join } from "node:path";
import type ts from "typescript";
import { isCell } from "./cell-files.ts";
import { decorateHost } from "./decorate-host.ts";
import { decorateService } from "./decorate-service.ts";

/** What TypeScript's server calls. */
export default function init({
  typescript: api,
}: {
  readonly typescript: typeof ts;
}): ts.server.PluginModule {
  return {
    create: ({ project, languageService }) => {
      // Cells have no tsconfig.json: projects that have one are none of this plugin's business.
      if (project.projectKind !== api.server.ProjectKind.Inferred) return languageService;
      const sdkTypes = join(__dirname, "types/src/sdk/mod.d.ts").replaceAll("\\", "/");
      decorateHost({ api, project, sdkTypes });
      return decorateService(languageService, (file) =>
        isCell(file) ? project.getScriptInfo(file)?.getSnapshot().getLength() : undefined,
      );
    },
  };
}
