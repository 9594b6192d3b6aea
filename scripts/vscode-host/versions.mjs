// What the tests drive: VS Code as code-server packs it, on the Node it asks for.
export const CODE_SERVER = "4.139.1";
export const NODE = "24.21.0";
