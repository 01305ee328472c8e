/**
 * The machine's host name as a display name, within the server's rules.
 * @module
 */

/** The server's limit, in code points (roomz 0.4.0). */
export const LONGEST_NAME = 50;

/** Host names that many machines have. */
const NAMES_OF_NO_MACHINE = /^(localhost(\.localdomain|\.local)?|\(none\)|unknown)$/i;

/** Control characters, what people do not see, half characters, and what a decoder puts for them. */
const UNSUITABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\uFFFD]/gu;

/** The display name of a machine; undefined if its host name says nothing about it. */
export function machineName(hostName: string): string | undefined {
  const visible = hostName.replace(/\s+/g, " ").replace(UNSUITABLE, "").trim();
  if (visible === "" || NAMES_OF_NO_MACHINE.test(visible)) return undefined;
  return cut(visible, LONGEST_NAME);
}

/** The name of a machine's connection: `laptop`, `laptop 2`, …, cut to what the server accepts. */
export function numberedName(name: string, number: number): string {
  if (number === 1) return name;
  const suffix = ` ${number}`;
  return cut(name, LONGEST_NAME - suffix.length) + suffix;
}

/** The first `limit` code points, without a grapheme that does not fit as a whole. */
function cut(name: string, limit: number): string {
  if (name.length <= limit) return name;
  let [kept, length] = ["", 0];
  for (const { segment } of new Intl.Segmenter().segment(name)) {
    length += [...segment].length;
    if (length > limit) break;
    kept += segment;
  }
  return kept.trimEnd();
}
