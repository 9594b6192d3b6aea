/** Train ids and colours of the Cityscapes classes 0 to 33, as published with the dataset. */

const ignored = 255;
const rows: readonly (readonly [trainId: number, colour: number])[] = [
  [ignored, 0x000000],
  [ignored, 0x000000],
  [ignored, 0x000000],
  [ignored, 0x000000],
  [ignored, 0x000000],
  [ignored, 0x6f4a00],
  [ignored, 0x510051],
  [0, 0x804080],
  [1, 0xf423e8],
  [ignored, 0xfaaaa0],
  [ignored, 0xe6968c],
  [2, 0x464646],
  [3, 0x66669c],
  [4, 0xbe9999],
  [ignored, 0xb4a5b4],
  [ignored, 0x966464],
  [ignored, 0x96785a],
  [5, 0x999999],
  [ignored, 0x999999],
  [6, 0xfaaa1e],
  [7, 0xdcdc00],
  [8, 0x6b8e23],
  [9, 0x98fb98],
  [10, 0x4682b4],
  [11, 0xdc143c],
  [12, 0xff0000],
  [13, 0x00008e],
  [14, 0x000046],
  [15, 0x003c64],
  [ignored, 0x00005a],
  [ignored, 0x00006e],
  [16, 0x005064],
  [17, 0x0000e6],
  [18, 0x770b20],
];

/** The train id of a class, `undefined` for numbers that are none. */
export function cityscapesTrainId(id: number): number | undefined {
  return rows[id]?.[0];
}

/** The opaque colour of a class, `alpha << 24 | red << 16 | green << 8 | blue`, where the file holds colours. */
export function cityscapesColour(id: number, colours: boolean): number | undefined {
  const colour = rows[id]?.[1];
  return colour === undefined || !colours ? undefined : (0xff000000 | colour) >>> 0;
}
