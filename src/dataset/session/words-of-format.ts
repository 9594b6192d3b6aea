/** What a file is, in words for people. */
import { readHeader } from "../../formats/png/header.ts";

const colours: Readonly<Record<string, string>> = {
  gray: "grayscale",
  palette: "palette",
  rgb: "RGB",
  "gray+alpha": "grayscale",
  "rgb+alpha": "RGBA",
};

/** "8-bit palette PNG", "JPEG", "NumPy array": of a mask file that has been read. */
export function maskFormatWords(bytes: Uint8Array): string {
  if (bytes[0] === 0x89) {
    // IHDR comes first and has a fixed place.
    const { depth, colour } = readHeader(bytes.subarray(16, 29), "PNG");
    return `${depth}-bit ${colours[colour]} PNG`;
  }
  return bytes[0] === 0xff ? "JPEG" : "NumPy array";
}

const formats: Readonly<Record<string, string>> = {
  coco: "COCO JSON",
  lvis: "LVIS JSON",
  "coco-results": "COCO results JSON",
  labelme: "labelme JSON",
  via: "VIA JSON",
  isat: "ISAT JSON",
  cvat: "CVAT XML",
  "yolo-seg": "YOLO segmentation text",
};

/** "labelme JSON": of an annotation format's name. */
export function annotationFormatWords(format: string): string {
  return formats[format] ?? format;
}
