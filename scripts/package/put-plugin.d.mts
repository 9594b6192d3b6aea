/** Names the plugin's program below the `node_modules` of an extension's folder. */
export function putPlugin(folder: string): Promise<void>;
