/**
 * How text is set off on the screen.
 * @module
 */

const CODES = {
  plain: "",
  dim: "2",
  bold: "1",
  green: "32",
  yellow: "1;33",
  red: "31",
} as const;

/** The name of a style. */
export type Style = keyof typeof CODES;

/** Sets rows off in a style; or leaves them as they are, where the user wants no colours. */
export type Paint = (style: Style, row: string) => string;

/** Colours, unless NO_COLOR is set to something. */
export function paintFor(noColor: string | undefined): Paint {
  if (noColor) return (_, row) => row;
  return (style, row) =>
    CODES[style] === "" || row === "" ? row : `\x1b[${CODES[style]}m${row}\x1b[m`;
}
