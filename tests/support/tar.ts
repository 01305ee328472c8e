/**
 * Reads tar archives, as `deno publish` uploads them.
 * @module
 */

const BLOCK = 512;

/** The regular files of an archive by absolute path, such as `/bot/mod.ts`. */
export function untar(archive: Uint8Array): Map<string, Uint8Array<ArrayBuffer>> {
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
      if (type === "0" || type === "\0") files.set(name.replace(/^(\.?\/)?/, "/"), content);
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

/** A field that ends at its length or at the first NUL. */
function text(bytes: Uint8Array, start: number, length: number): string {
  const field = bytes.subarray(start, start + length);
  const end = field.indexOf(0);
  return new TextDecoder().decode(end === -1 ? field : field.subarray(0, end));
}
