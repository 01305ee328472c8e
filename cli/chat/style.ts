/**
 * Colours and styles of the screen.
 * @module
 */

const CODES = {
  plain: "",
  dim: "2",
  bold: "1",
  green: "32",
  yellow: "1;33",
  red: "31",
  cyan: "36",
  magenta: "35",
  blue: "94",
} as const;

export type Style = keyof typeof CODES;

/** A part of a row with its own style. */
export type Painted = readonly [style: Style, text: string];

const SENDERS: readonly Style[] = ["cyan", "magenta", "blue", "green"];

/** The style of a sender: always the same, and usually different from other senders'. */
export function senderStyle(sender: string): Style {
  let sum = 0;
  for (let at = 0; at < sender.length; at++) sum = (sum * 31 + sender.charCodeAt(at)) % 65_521;
  return SENDERS[sum % SENDERS.length] ?? "plain";
}

/** Applies a style to a row, unless the user wants no colours. */
export type Paint = (style: Style, row: string) => string;

/** Paints with colours, unless NO_COLOR is set to a non-empty value. */
export function paintFor(noColor: string | undefined): Paint {
  if (noColor) return (_, row) => row;
  return (style, row) =>
    CODES[style] === "" || row === "" ? row : `\x1b[${CODES[style]}m${row}\x1b[m`;
}
