/**
 * Names what quantising makes of an encoder; raised whenever that changes, since quantised encoders are kept on disk, and so is
 * what they made of photos.
 */
export const QUANTISE_VERSION = 1;
