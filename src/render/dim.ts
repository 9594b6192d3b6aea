import { luma } from "./colour.ts";
import { copyPicture, type Picture } from "./picture.ts";

/** The picture in gray and darker, as a ground on which colours speak. */
export function dim(picture: Picture, brightness = 0.5): Picture {
  const out = copyPicture(picture);
  const { data } = out;
  for (let i = 0; i < data.length; i += 4) {
    const gray = luma(data[i]!, data[i + 1]!, data[i + 2]!) * brightness;
    data.fill(gray, i, i + 3);
  }
  return out;
}
