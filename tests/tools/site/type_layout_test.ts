import { assertEquals } from "@std/assert";
import { layout } from "../../../tools/site/type_layout.ts";

function lines(...lines: readonly string[]): string {
  return lines.join("\n");
}

Deno.test("a declaration that fits stays on one line", () => {
  const text = "function cooldown(options: CooldownOptions): Middleware";
  assertEquals(layout(text), text);
});

Deno.test("the parameters of a long signature have a line each", () => {
  assertEquals(
    layout(
      "open(serverUrl: string | URL, token?: string, options?: ClientOptions): Promise<AsyncClient>",
    ),
    lines(
      "open(",
      "  serverUrl: string | URL,",
      "  token?: string,",
      "  options?: ClientOptions,",
      "): Promise<AsyncClient>",
    ),
  );
});

Deno.test("the alternatives of a long union have a line each, and objects in it as well", () => {
  assertEquals(
    layout(
      'type Result = { status: "ok"; id: string } | { status: "failed"; error: string; code: number } | ' +
        '{ status: "rejected"; readonly delivery: "unknown" | "not_sent"; readonly parts: number }',
    ),
    lines(
      "type Result =",
      '  | { status: "ok"; id: string }',
      '  | { status: "failed"; error: string; code: number }',
      "  | {",
      '    status: "rejected";',
      '    readonly delivery: "unknown" | "not_sent";',
      "    readonly parts: number;",
      "  }",
    ),
  );
});

Deno.test("the outcomes of a long conditional type have a line each", () => {
  assertEquals(
    layout(
      "type ValueOf<T extends string> = T extends keyof ValueTypes ? ValueTypes[T] : UnknownType<T>",
    ),
    lines(
      "type ValueOf<T extends string> = T extends keyof ValueTypes",
      "  ? ValueTypes[T]",
      "  : UnknownType<T>",
    ),
  );
});

Deno.test("brackets and separators in strings do not count, and neither do arrows", () => {
  const text =
    "type Text = `There is no type <, use ${string} or (one | of { these ], as they come along`";
  assertEquals(layout(text), text);
  assertEquals(
    layout(
      "type Handler = (first: string, second: string) => (third: string, fourth: string) => void",
    ),
    lines(
      "type Handler = (",
      "  first: string,",
      "  second: string,",
      ") => (third: string, fourth: string) => void",
    ),
  );
});
