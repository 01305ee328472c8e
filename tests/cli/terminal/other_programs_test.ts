/**
 * Compares widths with PyPI's wcwidth, npm's string-width and the cursor of a real tmux. Needs tmux,
 * and python3 with that package; without one of them, the others are compared.
 *
 * `TEST_GRAPHEME_BREAKS` is Unicode's GraphemeBreakTest.txt, without which the words and the characters
 * are compared alone.
 */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import stringWidth from "string-width";
import { textWidth, widestText } from "../../../cli/terminal/text_width.ts";
import { skip } from "../../support/skip.ts";
import { hasTmux } from "../chat/support/tmux.ts";
import { SCRIPTS, wordsOf } from "./support/sample_words.ts";

const WCWIDTH = `
import json, sys
from wcwidth import wcswidth
print(json.dumps([wcswidth(text) for text in json.load(sys.stdin)]))`;

interface Other {
  readonly name: string;
  readonly isHere: boolean;
  /** The share of the words that must be exactly as wide there. */
  readonly agrees: number;
  readonly measure: (texts: readonly string[]) => Promise<number[]>;
}

const others: readonly Other[] = [
  {
    name: "PyPI's wcwidth",
    isHere: await runs("python3", ["-c", WCWIDTH], "[]"),
    agrees: 0.85,
    measure: async (texts) => JSON.parse(await run("python3", ["-c", WCWIDTH], asJson(texts))),
  },
  {
    name: "npm's string-width",
    isHere: true,
    agrees: 0.97,
    measure: (texts) => Promise.resolve(texts.map((text) => stringWidth(text))),
  },
  { name: "tmux", isHere: hasTmux, agrees: 0.97, measure: cursorsInTmux },
];

/** Words, Unicode's clusters, and every seventh character, which hits every block. */
const words = SCRIPTS.flatMap((script) => wordsOf(script, 100));
const clusters = await graphemeBreaks();
const characters = Array.from({ length: 0x3_0000 - 0xa0 }, (_, i) => i + 0xa0)
  .filter((code) => code % 7 === 0 && (code < 0xd800 || code > 0xf8ff))
  .map((code) => String.fromCodePoint(code))
  .filter((char) => /\P{C}|\p{Cf}/u.test(char) && !/[\p{Cn}\p{Co}]/u.test(char));
const texts = [...new Set([...words, ...clusters, ...characters])]
  .filter((text) => !/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u.test(text));

for (const { name, isHere, agrees, measure } of others) {
  if (!isHere) {
    skip(`comparing widths with ${name}`, "it is not installed");
    continue;
  }
  Deno.test(
    `nothing is wider in ${name} than where it is widest`,
    { ignore: !isHere },
    async () => {
      const columns = await measure(texts);
      assertEquals(columns.length, texts.length);
      const wider = texts.filter((text, at) => (columns[at] ?? Infinity) > widestText(text));
      assertEquals(wider.map(codes), []);
      const same = words.filter((word) => columns[texts.indexOf(word)] === textWidth(word));
      const share = same.length / words.length;
      assert(
        share >= agrees,
        `Only ${(share * 100).toFixed(1)}% of the words are as wide in ${name}`,
      );
    },
  );
}

Deno.test("there are words of 40 scripts", () => {
  assert(SCRIPTS.length >= 40);
  for (const script of SCRIPTS) {
    const words = wordsOf(script, 100);
    assertEquals(words.length, 100);
    assert(new Set(words).size > 60, script);
    assertEquals(words, wordsOf(script, 100));
  }
});

async function cursorsInTmux(texts: readonly string[]): Promise<number[]> {
  const folder = await Deno.makeTempDir();
  const socket = `roomz-${crypto.randomUUID()}`;
  const tmux = (...args: readonly string[]): Promise<string> =>
    run("tmux", ["-u", "-L", socket, "-f", "/dev/null", ...args], "");
  try {
    await Deno.writeTextFile(`${folder}/texts`, asJson(texts));
    const script = fromFileUrl(new URL("support/cursor_columns.ts", import.meta.url));
    await tmux(
      ...["new-session", "-d", "-x", "250", "-y", "5", "-e", "LC_ALL=C.UTF-8"],
      ...[Deno.execPath(), "run", "-A", "--no-config", script],
      ...[`${folder}/texts`, `${folder}/columns`],
    );
    const end = performance.now() + 30_000;
    while (performance.now() < end) {
      const columns = await Deno.readTextFile(`${folder}/columns`).catch(() => "");
      if (columns.endsWith("]")) return JSON.parse(columns);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error("tmux did not report its cursor in time");
  } finally {
    await tmux("kill-server").catch(() => {});
    await Deno.remove(folder, { recursive: true });
  }
}

/** The clusters of Unicode's test file, if it is here. */
async function graphemeBreaks(): Promise<string[]> {
  const path = Deno.env.get("TEST_GRAPHEME_BREAKS");
  if (path === undefined) {
    skip("comparing widths of Unicode's clusters", "TEST_GRAPHEME_BREAKS is not set");
    return [];
  }
  const lines = (await Deno.readTextFile(path)).split("\n").map((line) => line.replace(/#.*/, ""));
  return lines.flatMap((line) => line.split("÷")).map((cluster) =>
    (cluster.match(/[0-9A-F]{4,6}/g) ?? []).map((code) => parseInt(code, 16))
  ).filter((codes) => codes.length > 0 && !codes.some((code) => code >= 0xd800 && code < 0xe000))
    .map((codes) => String.fromCodePoint(...codes));
}

function codes(text: string): string {
  return Array.from(text, (char) => char.codePointAt(0)?.toString(16)).join(" ");
}

function asJson(texts: readonly string[]): string {
  return JSON.stringify(texts);
}

async function runs(program: string, args: readonly string[], stdin: string): Promise<boolean> {
  try {
    return (await run(program, args, stdin)).trim() === "[]";
  } catch {
    return false;
  }
}

async function run(program: string, args: readonly string[], stdin: string): Promise<string> {
  const child = new Deno.Command(program, {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const output = child.output();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(stdin)).catch(() => {});
  await writer.close().catch(() => {});
  const { success, stdout } = await output;
  if (!success) throw new Error(`${program} failed`);
  return new TextDecoder().decode(stdout);
}
