/**
 * Reads tar archives, as `deno publish` uploads them, and writes those that npm installs.
 * @module
 */

const BLOCK = 512;

/** The regular files in `folder` of an archive by absolute path, such as `/bot/mod.ts`. */
export function untar(archive: Uint8Array, folder = ""): Map<string, Uint8Array<ArrayBuffer>> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  let longName: string | undefined;
  for (let at = 0; at + BLOCK <= archive.length;) {
    const header = archive.subarray(at, at + BLOCK);
    if (header[0] === 0) break; // The end is marked by empty blocks.
    const size = parseInt(text(header, 124, 12), 8);
    const content = archive.slice(at + BLOCK, at + BLOCK + size);
    const type = String.fromCharCode(header[156] ?? 0);
    if (type === "L") {
      longName = text(content, 0, size); // GNU: the name of the next entry, if it is long.
    } else {
      const prefix = text(header, 257, 5) === "ustar" ? text(header, 345, 155) : "";
      const name = longName ?? (prefix === "" ? "" : `${prefix}/`) + text(header, 0, 100);
      longName = undefined;
      const path = name.replace(/^(\.?\/)?/, "/");
      const root = folder === "" ? "" : `/${folder}`;
      if ((type === "0" || type === "\0") && path.startsWith(`${root}/`)) {
        files.set(path.slice(root.length), content);
      }
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

/** An archive of files by absolute path, which it puts in `folder`. */
export function tar(
  files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>,
  folder: string,
): Uint8Array<ArrayBuffer> {
  const blocks: Uint8Array<ArrayBuffer>[] = [];
  for (const [path, content] of files) {
    blocks.push(header(folder, path.slice(1), content.length), content);
    blocks.push(new Uint8Array(-content.length & (BLOCK - 1)));
  }
  blocks.push(new Uint8Array(2 * BLOCK));
  const archive = new Uint8Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const block of blocks) {
    archive.set(block, at);
    at += block.length;
  }
  return archive;
}

function header(folder: string, name: string, size: number): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(BLOCK);
  const encoder = new TextEncoder();
  const put = (at: number, value: string) => block.set(encoder.encode(value), at);
  put(0, name);
  put(100, "0000644");
  put(124, size.toString(8).padStart(11, "0"));
  put(136, "0".repeat(11));
  put(148, " ".repeat(8)); // The checksum is made as if it were this.
  put(156, "0");
  put(257, "ustar\x0000");
  put(345, folder);
  put(148, `${block.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0")}\0`);
  return block;
}

/** A field that ends at its length or at the first NUL. */
function text(bytes: Uint8Array, start: number, length: number): string {
  const field = bytes.subarray(start, start + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end === -1 ? field : field.subarray(0, end));
}
