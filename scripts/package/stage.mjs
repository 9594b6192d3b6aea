// The folder that becomes the package: nothing but what the extension needs at run time on one platform.
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { root } from "../set-up.mjs";
import { LICENCES, licenceSection } from "./licences.mjs";
import { extensionManifest, packageManifest } from "./manifest.mjs";
import { neededPackages, readManifest, UNUSED_PROGRAMS } from "./needed-packages.mjs";
import { sharpPackages } from "./platform-packages.mjs";
import { putPlugin } from "./put-plugin.mjs";
import { runtimeFiles } from "./runtime-files.mjs";

const OWN_FILES = ["README.md", "CHANGELOG.md", "LICENSE", "THIRD_PARTY_NOTICES.md", "package.nls.json"];
const OWN_FOLDERS = ["models", "media", "l10n", "examples/sample"];
/** What only those need who build with a package, or read about it. */
const UNUSED_FILES =
  /(\.(h|map|md|markdown|flow|[cm]?ts|cc|gyp)|[\\/](node_modules|include|glib-2\.0|script|tsconfig\.json))$/;

/** @returns {Promise<string>} the folder */
export async function stage(target) {
  const folder = join(root, ".cache/vsix", target);
  rmSync(folder, { recursive: true, force: true });
  for (const path of [...OWN_FILES, ...OWN_FOLDERS])
    if (existsSync(join(root, path))) copy(join(root, path), join(folder, path));
  putPrograms(folder);
  putTypes(folder);
  await putPlugin(folder);

  const models = modelFiles();
  const packages = await neededPackages(models.map(({ name }) => name));
  const natives = sharpPackages(target);
  const names = new Set([...packages.map(nameOf), ...natives.map(({ name }) => name)]);
  for (const path of packages) putPackage(path, folder, names, models);
  for (const path of runtimeFiles(target)) copy(join(root, path), join(folder, path));
  for (const { name, folder: from } of natives) copy(from, join(folder, "node_modules", name), isUsed);
  const shipped = [...packages, ...natives.map((native) => native.folder.slice(root.length))];
  appendFileSync(join(folder, "THIRD_PARTY_NOTICES.md"), licenceSection(shipped));
  writeJson(join(folder, "package.json"), extensionManifest(readManifest(""), names));
  return folder;
}

function putPrograms(folder) {
  for (const entry of readdirSync(join(root, "dist"), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name).slice(root.length);
    const isProgram = /\.(c?js|css)$/.test(path) && !path.startsWith(join("dist", "types", "/"));
    if (!entry.isFile() || !isProgram || UNUSED_PROGRAMS.includes(basename(path))) continue;
    copy(join(root, path), join(folder, path));
    withoutSourceMap(join(folder, path));
  }
}

/** Types of the SDK, for notebooks. */
function putTypes(folder) {
  const isType = (path) => !/\.(map|tsbuildinfo)$/.test(path);
  copy(join(root, "dist/types"), join(folder, "dist/types"), isType);
}

/** The source maps stay at home, so that nothing may ask for them. */
function withoutSourceMap(path) {
  const text = readFileSync(path, "utf8");
  writeFileSync(path, text.replace(/\n(\/\/# sourceMappingURL=.*|\/\*# sourceMappingURL=.*\*\/)\s*$/, "\n"));
}

/** Files of models that come in npm packages. */
function modelFiles() {
  const manifests = readdirSync(join(root, "models")).filter((name) => name.endsWith(".json"));
  return manifests.flatMap((name) => {
    const { encoder, decoder } = JSON.parse(readFileSync(join(root, "models", name), "utf8"));
    const files = [encoder, decoder].filter(({ npm }) => npm !== undefined);
    return files.map(({ npm }) => ({ name: npm.package, path: npm.path }));
  });
}

/** A package with its licences; of those with weights nothing else. */
function putPackage(path, folder, names, models) {
  const manifest = packageManifest(readManifest(path), names);
  const weights = models.filter(({ name }) => name === nameOf(path));
  const files =
    weights.length > 0
      ? [...weights.map((file) => file.path), ...licences(path)]
      : readdirSync(join(root, path)).filter(
          (name) => !isNative(name) && (isUsed(`/${name}`) || LICENCES.test(name)),
        );
  for (const file of files) copy(join(root, path, file), join(folder, path, file), isUsedOrLicence);
  writeJson(join(folder, path, "package.json"), manifest);
}

function licences(path) {
  return readdirSync(join(root, path)).filter((name) => LICENCES.test(name));
}

/** ONNX Runtime's files for all platforms, of which one platform's are added. */
function isNative(name) {
  return name === "bin";
}

function isUsed(path) {
  return !UNUSED_FILES.test(path);
}

function isUsedOrLicence(path) {
  return isUsed(path) || LICENCES.test(basename(path));
}

function nameOf(path) {
  return path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
}

function copy(from, to, filter) {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(from, to, { recursive: true, dereference: true, ...(filter === undefined ? {} : { filter }) });
}

function writeJson(path, value) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}
