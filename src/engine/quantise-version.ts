/** Names what quantising makes of an encoder; raised whenever that changes, since quantised encoders are kept on disk. */
export const QUANTISE_VERSION = 1;
