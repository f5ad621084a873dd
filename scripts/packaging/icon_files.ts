// Pictures of one icon in several sizes, as the one file that each platform wants. Both formats take PNG as it is.

export interface Picture {
  /** Pixels a side. */
  readonly size: number;
  readonly png: Buffer;
}

/** Apple's names of its sizes. */
const ICNS_TYPES: Readonly<Record<number, string>> = {
  16: "icp4",
  32: "icp5",
  64: "icp6",
  128: "ic07",
  256: "ic08",
  512: "ic09",
  1024: "ic10",
};
const ICO_HEADER = 6;
const ICO_ENTRY = 16;
const ICO_LARGEST = 256;

/** Windows' format: a directory, then the pictures. Sizes up to 256. */
export function icoOf(pictures: readonly Picture[]): Buffer {
  const fitting = pictures.filter(({ size }) => size <= ICO_LARGEST);
  const header = Buffer.alloc(ICO_HEADER + ICO_ENTRY * fitting.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(fitting.length, 4);
  let offset = header.length;
  fitting.forEach(({ size, png }, index) => {
    const at = ICO_HEADER + ICO_ENTRY * index;
    // 256 is written as 0.
    header.writeUInt8(size % ICO_LARGEST, at);
    header.writeUInt8(size % ICO_LARGEST, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(png.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += png.length;
  });
  return Buffer.concat([header, ...fitting.map(({ png }) => png)]);
}

/** Apple's format: blocks of a type and a length. Sizes that it has no type for are left out. */
export function icnsOf(pictures: readonly Picture[]): Buffer {
  const blocks = pictures.flatMap(({ size, png }) => {
    const type = ICNS_TYPES[size];
    return type === undefined ? [] : [block(type, png)];
  });
  return block("icns", Buffer.concat(blocks));
}

function block(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(type, "latin1");
  head.writeUInt32BE(content.length + head.length, 4);
  return Buffer.concat([head, content]);
}
