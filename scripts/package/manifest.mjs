// Manifests inside the package: the extension's, and those of the packages that are shipped with it.

/** What VS Code reads; nothing of how this checkout is worked on. */
export function extensionManifest(manifest, names) {
  const { private: _, files: __, bin: ___, ...kept } = manifest;
  return packageManifest(kept, names);
}

/** A package's manifest, without the packages that only its install script needs. Some read theirs when they run. */
export function packageManifest(manifest, names) {
  const { scripts: _, devDependencies: __, peerDependencies: ___, ...kept } = manifest;
  const dependencies = Object.entries(manifest.dependencies ?? {}).filter(([name]) => names.has(name));
  return { ...kept, dependencies: Object.fromEntries(dependencies) };
}
