/**
 * Draws a terminal screen, captured with `tmux capture-pane -e -p`, as an SVG.
 * @module
 */
import { textWidth } from "../cli/terminal/text_width.ts";

/** The screen to draw. */
export interface TerminalScreen {
  /** The rows, with escape sequences for styles. */
  readonly rows: readonly string[];
  /** The number of columns. */
  readonly columns: number;
  /** The cursor position, zero-based. */
  readonly cursor: { readonly column: number; readonly row: number };
  /** The title in the title bar. */
  readonly title: string;
}

const FONT_SIZE = 14;
const CELL = 8.4;
const LINE = 20;
const MARGIN = 16;
const TITLE_BAR = 36;

const BACKGROUND = "#11151c";
const FRAME = "#1d232d";
const FOREGROUND = "#d7dce4";
const DIM = "#7d8796";
const COLOURS: Readonly<Record<string, string>> = {
  "31": "#ff7b72",
  "32": "#63c174",
  "33": "#f2cc60",
  "34": "#79b8ff",
  "35": "#d2a8ff",
  "36": "#6fd3e0",
  "94": "#79b8ff",
};

interface Run {
  readonly column: number;
  readonly text: string;
  readonly width: number;
  readonly fill: string;
  readonly bold: boolean;
}

/** The SVG document. */
export function terminalSvg({ rows, columns, cursor, title }: TerminalScreen): string {
  const width = Math.ceil(columns * CELL + 2 * MARGIN);
  const height = rows.length * LINE + TITLE_BAR + 2 * MARGIN;
  const top = TITLE_BAR + MARGIN;
  const lines = runsOf(rows).map((runs, at) =>
    runs.map((run) => textOf(run, top + at * LINE)).join("")
  );
  const buttons = ["#ff5f57", "#febc2e", "#28c840"].map((fill, at) =>
    `<circle cx="${MARGIN + 6 + at * 20}" cy="${TITLE_BAR / 2}" r="6" fill="${fill}"/>`
  );
  const cursorX = round(MARGIN + cursor.column * CELL);
  const cursorY = top + cursor.row * LINE + 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}" font-size="${FONT_SIZE}" ` +
    `font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace">`,
    `<rect width="${width}" height="${height}" rx="10" fill="${BACKGROUND}"/>`,
    `<path d="M0 ${TITLE_BAR}V10A10 10 0 0 1 10 0H${width - 10}A10 10 0 0 1 ${width} 10` +
    `V${TITLE_BAR}Z" fill="${FRAME}"/>`,
    ...buttons,
    `<text x="${width / 2}" y="${TITLE_BAR / 2 + 5}" text-anchor="middle" fill="${DIM}">` +
    `${escaped(title)}</text>`,
    `<rect x="${cursorX}" y="${cursorY}" width="${CELL}" height="${LINE - 3}" ` +
    `fill="${FOREGROUND}" opacity="0.8"/>`,
    ...lines.filter((line) => line !== ""),
    "</svg>",
    "",
  ].join("\n");
}

/** Splits each row into runs of one style. A style continues on the next row until it is reset. */
function runsOf(rows: readonly string[]): Run[][] {
  let codes: readonly string[] = [];
  return rows.map((row) => {
    const runs: Run[] = [];
    let column = 0;
    // deno-lint-ignore no-control-regex -- escape sequences start with ESC
    for (const [, style, text = ""] of row.matchAll(/\x1b\[([\d;]*)m|([^\x1b]+)/g)) {
      if (style !== undefined) {
        codes = style.split(";").reduce(withCode, codes);
        continue;
      }
      const width = textWidth(text);
      const colour = COLOURS[codes.findLast((code) => code in COLOURS) ?? ""];
      const fill = colour ?? (codes.includes("2") ? DIM : FOREGROUND);
      runs.push({ column, text, width, fill, bold: codes.includes("1") });
      column += width;
    }
    return runs;
  });
}

function withCode(codes: readonly string[], code: string): readonly string[] {
  if (code === "" || code === "0") return [];
  return code === "39" ? codes.filter((one) => !(one in COLOURS)) : [...codes, code];
}

/** Gives each run an explicit position and length, so that columns line up in any font. */
function textOf({ column, text, width, fill, bold }: Run, top: number): string {
  const shown = text.trimEnd();
  if (shown === "") return "";
  const cut = text.length - shown.length;
  const weight = bold ? ' font-weight="bold"' : "";
  return `<text x="${round(MARGIN + column * CELL)}" y="${top + 15}" fill="${fill}"${weight} ` +
    `textLength="${round((width - cut) * CELL)}" xml:space="preserve">${escaped(shown)}</text>`;
}

function round(length: number): number {
  return Math.round(length * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
