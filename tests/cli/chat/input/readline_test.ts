/**
 * The same keys in bash, whose line editor is readline, and in the chat's: the same line and cursor.
 * @module
 */
import { assertEquals } from "@std/assert";
import { basename } from "@std/path";
import { InputHistory } from "../../../../cli/chat/input/input_history.ts";
import { KeyPrefix } from "../../../../cli/chat/input/key_prefix.ts";
import { LineEditor } from "../../../../cli/chat/input/line_editor.ts";
import { KeyDecoder } from "../../../../cli/terminal/key_decoder.ts";
import { bareEnvironment } from "../../support/bare_environment.ts";
import { skip } from "../../../support/skip.ts";
import { hasTmux } from "../support/tmux.ts";

/** The keys by name. Anything else is typed. */
const KEYS: Readonly<Record<string, string>> = {
  "Up": "\x1b[A",
  "Down": "\x1b[B",
  "Right": "\x1b[C",
  "Left": "\x1b[D",
  "Home": "\x1b[H",
  "End": "\x1b[F",
  "Delete": "\x1b[3~",
  "Backspace": "\x7f",
  "M-Backspace": "\x1b\x7f",
  "C-_": "\x1f",
};
/** Longer than bash takes for a line, even on a busy machine; milliseconds. */
const TIMEOUT = 30_000;
const HISTORY = ["first one", "second"];

/**
 * Keys, separated by spaces; `·` is a typed space. What one undo takes back of typed text depends in
 * readline on how fast it was typed: before an undo of it, only one character is typed.
 */
const SEQUENCES: readonly string[] = [
  // Transposing.
  ...["ab C-t", "abc Left C-t", "abc Left Left C-t", "abc C-a C-t", "a C-t", "C-t"],
  ...["ab C-t C-t", "a·b Left C-t", "ab C-t C-_", "abc Left C-t C-_"],
  ...["abcd C-b C-b C-t C-t C-t"],
  // The case of words.
  ...["hello·world M-b M-u", "hello·world C-a M-u M-u", "HELLO·World C-a M-l"],
  ...["HELLO C-a C-f M-l", "hello·WORLD C-a M-c M-c", "hello C-a Right Right M-c"],
  ...["one·two C-a M-u C-_", "one M-u", "one M-c", "don't C-a M-c M-c", "1abc C-a M-c"],
  ...["··(abc C-a M-c", "a-b-c C-a M-u M-f M-u", "·.· C-a M-u", "one_two C-a M-u"],
  // Killing.
  ...["one·two·three C-w C-w C-y", "one·two·three C-a M-d M-d C-y"],
  ...["one·two C-w C-k C-w C-y", "one·two·three M-b C-k C-u C-y"],
  ...["one·two·three M-b C-u C-k C-y", "one·two C-w x Left Right C-w C-y"],
  ...["one·two·three C-w Left C-w C-y", "one·two C-k C-w C-y", "one·two C-a C-u C-k C-y"],
  ...["a·b C-k C-w C-y", "a·b·c C-w C-y C-w C-y C-y", "a·b·c C-w C-a C-w C-k C-y"],
  ...["ab·cd M-b M-Backspace M-Backspace", "ab·cd C-a M-d C-k C-y"],
  ...["ab·cd M-Backspace M-Backspace C-y", "a·b·c C-w Up Down C-w C-y"],
  ...["ab·cd M-Backspace C-a M-Backspace M-d C-y", "a/b·c/d C-w C-y C-y"],
  ...["a/b·c/d M-Backspace C-y C-y", "one·two·six C-a M-d M-f M-Backspace C-y"],
  ...["one·two Home M-f C-k C-a C-y", "x C-w C-u C-y", "foo_bar M-Backspace"],
  ...["ab·cd C-w M-z C-w C-y"],
  // Undoing.
  ...["a·b C-w C-_", "abc·def Left C-w C-_", "abc·def M-b C-k C-_", "a C-_", "a C-x C-u"],
  ...["a C-_ C-_", "C-_", "abc Backspace Backspace C-_"],
  ...["abc Backspace Backspace C-_ C-x C-u", "abc C-a Delete Delete C-_"],
  ...["abc Left Backspace x C-_ C-_", "a·b·c C-w C-_ C-w C-y", "abc C-u C-y C-_"],
  ...["abc C-u C-y C-_ C-_", "a·b C-a M-u M-u C-_ C-_", "abc Left C-t Right x C-_ C-_"],
  ...["ab Left C-d C-_ C-d"],
  // The history.
  ...["x Up Up Down", "x Up X Up Down", "x Up X Down Up", "x Up X Up Y Down Down"],
  ...["x Up X Up Down C-_", "Up C-w Up C-w Down C-_ C-y", "Up C-_"],
  ...["d·a C-w Up C-_ Down C-_", "Up C-a Up", "x C-a Up Down", "Up Up C-w Down Up C-_"],
  ...["Up Up Up Up x", "Up Down Down x", "Up M-b M-c Up M-b M-u Down", "a C-p C-p C-n y"],
  // Moving by words, of which an underscore is no part.
  ...["foo_bar M-b x", "foo_bar C-a M-f x", "a.b M-b M-b x", "a··b C-a M-f M-f M-f x"],
  ...["a(b M-b M-b x", "ab C-b C-b C-b x C-f y", "ab Home x End y"],
];

/** Reads lines with readline, each with a fresh history. Ctrl+] writes the line and the cursor down. */
const SCRIPT = `
stty -icanon -echo -isig -ixon min 1
set -o emacs
bind 'set enable-bracketed-paste off' 'set bell-style none'
bind -x '"\\C-]": printf "%s\\n%s\\n" "$READLINE_LINE" "$READLINE_POINT" >> "$LINES_FILE"'
for _ in {1..${SEQUENCES.length}}; do
  history -c; ${HISTORY.map((entry) => `history -s '${entry}'`).join("; ")}
  IFS= read -e
done 2>/dev/null
echo end >> "$LINES_FILE"
`;

const reason = await reasonToSkip();
if (reason !== undefined) skip("the chat's editor next to readline", reason);
else {
  Deno.test("the same keys make the same line as in bash, with the cursor in the same place", async () => {
    const named = (lines: readonly string[]): Record<string, string | undefined> =>
      Object.fromEntries(SEQUENCES.map((keys, at) => [keys, lines[at]]));
    const ours = await Promise.all(SEQUENCES.map(inChat));
    assertEquals(named(ours), named(await inBash()));
  });
}

async function reasonToSkip(): Promise<string | undefined> {
  if (!hasTmux) return "tmux is not installed";
  try {
    const version = await output("bash", ["-c", "echo $BASH_VERSINFO"]);
    return Number(version) < 5 ? `bash ${version.trim()} is older than 5` : undefined;
  } catch {
    return "bash is not installed";
  }
}

/** The lines that bash has, with | at the cursor. */
async function inBash(): Promise<string[]> {
  const folder = await Deno.makeTempDir();
  const file = `${folder}/lines`;
  await Deno.writeTextFile(file, "");
  await Deno.writeTextFile(`${folder}/script`, SCRIPT);
  const tmux = (...args: string[]): Promise<string> =>
    output("tmux", ["-L", basename(folder), ...args]);
  await tmux(
    ...["-f", "/dev/null", "new-session", "-d", "-e", `LINES_FILE=${file}`, "-e", "LC_ALL=C.UTF-8"],
    ...["-e", "INPUTRC=/dev/null", "bash", `${folder}/script`],
  );
  try {
    let lines: string[] = [];
    for (const [at, keys] of SEQUENCES.entries()) {
      const bytes = new TextEncoder().encode(`${bytesOf(keys)}\x1d\r`);
      const codes = Array.from(bytes, (byte) => byte.toString(16));
      await tmux("send-keys", "-H", ...codes);
      lines = await linesOf(file, 2 * (at + 1));
    }
    return SEQUENCES.map((_, at) => shown(lines[2 * at] ?? "", Number(lines[2 * at + 1])));
  } finally {
    await tmux("kill-server").catch(() => {});
    await Deno.remove(folder, { recursive: true });
  }
}

/** Waits until the file has so many lines. */
async function linesOf(file: string, count: number): Promise<string[]> {
  for (const end = performance.now() + TIMEOUT;;) {
    const lines = (await Deno.readTextFile(file)).split("\n").slice(0, -1);
    if (lines.length >= count) return lines;
    if (performance.now() > end) throw new Error(`bash wrote ${lines.length} lines of ${count}.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function output(command: string, args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    clearEnv: true,
    env: bareEnvironment,
  }).output();
  if (!success) throw new Error(`${command}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}

function shown(text: string, cursor: number): string {
  return `${text.slice(0, cursor)}|${text.slice(cursor)}`;
}

function bytesOf(keys: string): string {
  return keys.split(" ").map((key) => {
    const known = KEYS[key];
    if (known !== undefined) return known;
    if (/^C-.$/.test(key)) return String.fromCharCode(key.charCodeAt(2) & 0x1f);
    return /^M-.$/.test(key) ? `\x1b${key.slice(2)}` : key.replaceAll("·", " ");
  }).join("");
}

async function inChat(keys: string): Promise<string> {
  const history = new InputHistory();
  for (const entry of HISTORY) await history.add(entry);
  const editor = new LineEditor(history);
  const prefix = new KeyPrefix();
  const decoder = new KeyDecoder();
  for (const pressed of decoder.decode(new TextEncoder().encode(bytesOf(keys)))) {
    const key = prefix.join(pressed);
    if (key?.kind === "text") editor.type(key.text);
    else if (key?.kind === "key") editor.press(key.name);
  }
  return shown(editor.text, editor.cursor);
}
