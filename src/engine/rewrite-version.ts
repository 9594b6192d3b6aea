/** Names what rewriting makes of a decoder; raised whenever that changes, since rewritten decoders are kept on disk. */
export const REWRITE_VERSION = 2;
