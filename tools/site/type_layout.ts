/**
 * Breaks the declarations that tools/site/type_text.ts writes into lines.
 * @module
 */

/** What fits into a code block of a page. */
const WIDTH = 80;

/** Characters in brackets that a line is too long because of. */
const WORTH_A_BREAK = 20;

/** `declaration` on as few lines as fit. What cannot be broken stays as it is. */
export function layout(declaration: string, indent = ""): string {
  if (indent.length + declaration.length <= WIDTH) return declaration;
  return conditionalLayout(declaration, indent) ?? unionLayout(declaration, indent) ??
    bracketLayout(declaration, indent) ?? declaration;
}

/** `A extends B ? C : D`, with a line for each outcome. */
function conditionalLayout(declaration: string, indent: string): string | undefined {
  const [condition = "", ...outcomes] = splitOutside(declaration, " ? ");
  if (outcomes.length === 0) return undefined;
  const inner = `\n${indent}  `;
  return condition +
    outcomes.map((outcome) => `${inner}? ${splitOutside(outcome, " : ").join(`${inner}: `)}`).join(
      "",
    );
}

/** `type A = B | C`, with a line for each alternative. */
function unionLayout(declaration: string, indent: string): string | undefined {
  const [head = "", alternatives] = splitOutside(declaration, " = ");
  const parts = splitOutside(alternatives ?? "", " | ");
  if (parts.length < 2) return undefined;
  const inner = `${indent}  `;
  return [head + " =", ...parts.map((part) => `| ${layout(part, inner)}`)].join(
    `\n${inner}`,
  );
}

/** What is in the longest pair of brackets, with a line for each item. */
function bracketLayout(declaration: string, indent: string): string | undefined {
  const pairs = bracketsOf(declaration);
  const longest = pairs.toSorted((a, b) => (b.end - b.start) - (a.end - a.start))[0];
  if (longest === undefined) return undefined;
  const { start, end } = longest;
  const content = declaration.slice(start + 1, end).trim();
  if (content.length < WORTH_A_BREAK) return undefined;
  const isObject = declaration[start] === "{";
  const separator = isObject ? ";" : ",";
  const inner = `${indent}  `;
  const items = splitOutside(content, `${separator} `).map((item) => layout(item, inner));
  const after = isObject || items.length > 1 ? separator : "";
  const lines = items.map((item) => `\n${inner}${item}${after}`).join("");
  return declaration.slice(0, start + 1) + lines + `\n${indent}` + declaration.slice(end);
}

/** The outermost pairs of brackets, by the places of both. */
function bracketsOf(text: string): { start: number; end: number }[] {
  const pairs: { start: number; end: number }[] = [];
  let start = 0;
  scan(text, (at, depth, change) => {
    if (change === 1 && depth === 0) start = at;
    if (change === -1 && depth === 1) pairs.push({ start, end: at });
  });
  return pairs;
}

/** Splits where no bracket and no string is open. */
function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = [];
  let from = 0;
  scan(text, (at, depth) => {
    if (depth > 0 || at < from || !text.startsWith(separator, at)) return;
    parts.push(text.slice(from, at));
    from = at + separator.length;
  });
  return [...parts, text.slice(from)];
}

/** Calls `visit` for each character outside strings, with the depth before it and its change. */
function scan(text: string, visit: (at: number, depth: number, change: number) => void): void {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (/["'`]/.test(char)) {
      at = text.indexOf(char, at + 1);
      if (at < 0) return;
      continue;
    }
    const isArrow = char === ">" && text[at - 1] === "=";
    const change = /[([{<]/.test(char) ? 1 : /[)\]}>]/.test(char) && !isArrow ? -1 : 0;
    visit(at, depth, change);
    depth += change;
  }
}
