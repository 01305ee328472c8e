import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { terminalSvg } from "../../tools/terminal_svg.ts";

function svgOf(...rows: string[]): string {
  return terminalSvg({ rows, columns: 40, cursor: { column: 2, row: 1 }, title: "<chat>" });
}

/** The texts that are drawn, with their positions. */
function textsOf(svg: string): { x: number; y: number; text: string; fill: string }[] {
  return [...svg.matchAll(/<text x="([\d.]+)" y="(\d+)" fill="(#\w+)"[^>]*>([^<]*)</g)]
    .map(([, x, y, fill = "", text = ""]) => ({ x: Number(x), y: Number(y), text, fill }));
}

Deno.test("text is drawn as it is, with markup escaped", () => {
  const svg = svgOf("a <b> & c");
  assertStringIncludes(svg, ">a &lt;b&gt; &amp; c</text>");
  assertStringIncludes(svg, "&lt;chat&gt;");
});

Deno.test("each style is a text element in its own column; wide characters take two columns", () => {
  const [first, second] = textsOf(svgOf("漢字\x1b[31mred\x1b[m"));
  assertEquals([first?.text, second?.text], ["漢字", "red"]);
  assertEquals((second?.x ?? 0) - (first?.x ?? 0), 4 * 8.4);
});

Deno.test("a style continues on the next row until it is reset", () => {
  const [one, two, three] = textsOf(svgOf("\x1b[1m\x1b[33mone", "two\x1b[0m", "three"));
  assertEquals(two?.fill, one?.fill);
  assertEquals(three?.fill === one?.fill, false);
  assertEquals((two?.y ?? 0) - (one?.y ?? 0), 20);
  assertMatch(svgOf("\x1b[1mone"), /font-weight="bold"[^>]*>one</);
});
