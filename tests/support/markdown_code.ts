/**
 * The code blocks of a page in Markdown.
 * @module
 */

/** The blocks of a language, in order, whatever follows its name: `ts ignore` is `ts`. */
export function codeBlocks(markdown: string, language: string): string[] {
  return [...markdown.matchAll(/^```(\w+)[^\n]*\n(.*?)^```$/gms)]
    .flatMap(([, name, code = ""]) => name === language ? [code] : []);
}

/** The commands of the `sh` blocks: without comments, but with those that a comment says to use instead. */
export function shellCommands(markdown: string): string[] {
  const lines = codeBlocks(markdown, "sh").join("").replace(/\s*\\\n\s*/g, " ").split("\n");
  return lines.flatMap((line) => {
    const [command = "", comment = ""] = line.split(/\s+#\s/);
    const [, alternative] = /^or: ([^;]+)/.exec(comment) ?? [];
    return [command, alternative ?? ""].map((one) => one.trim()).filter((one) => one !== "");
  });
}
