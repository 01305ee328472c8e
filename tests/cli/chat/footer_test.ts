import { assert, assertEquals } from "@std/assert";
import { type FooterContent, layOutFooter } from "../../../cli/chat/footer.ts";
import { paintFor } from "../../../cli/chat/style.ts";
import { textWidth } from "../../../cli/terminal/text_width.ts";

const STATUS = {
  connection: { state: "connected" },
  server: "https://roomz.example",
  identity: "ada",
  email: "ada",
  connections: undefined,
} as const;

function below(content: Partial<FooterContent>, columns = 40, rows = 24): readonly string[] {
  const input = { prompt: "> ", text: "", cursor: 0, hiddenFrom: 0 };
  const all = { input, hints: [], pending: [], status: STATUS, ...content };
  return layOutFooter(all, paintFor("1"), columns, rows, 0).below;
}

const STATUS_ROW = "● connected · ada · roomz.example";

Deno.test("hints that do not fit move to the next row unbroken; an ellipsis replaces the excess", () => {
  const words = Array.from({ length: 9 }, (_, at) => `/command${at}`);
  assertEquals(below({ hints: words }), [
    "/command0  /command1  /command2",
    "/command3  /command4  /command5",
    "/command6  /command7  /command8",
    STATUS_ROW,
  ]);
  const rows = below({ hints: [...words, ...words] });
  assertEquals([rows.length, rows[2]], [4, "/command6  /command7  /command8  …"]);
});

Deno.test("three pending messages are shown, then the number of the others", () => {
  assertEquals(below({ pending: ["a\nb", "c", "d", "e", "f"] }), [
    "… sending: a b",
    "… sending: c",
    "… sending: d",
    "… and 2 more",
    STATUS_ROW,
  ]);
});

Deno.test("the footer is never taller or wider than the terminal; the status is its last row", () => {
  const input = { prompt: "> ", text: "漢字 word ".repeat(50), cursor: 99, hiddenFrom: 1e9 };
  const hints = ["sentence ".repeat(20)];
  for (let rows = 2; rows < 20; rows++) {
    for (const columns of [20, 33, 80]) {
      const content = { input, hints, pending: hints, status: STATUS };
      const footer = layOutFooter(content, paintFor("1"), columns, rows, 0);
      const all = [...footer.input.rows, ...footer.below];
      assert(all.length <= rows, `${all.length} in ${rows}`);
      for (const row of all) assert(textWidth(row) < columns, row);
      assert(all.at(-1)?.startsWith("● connected"));
    }
  }
});
