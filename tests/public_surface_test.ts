/**
 * The public surface is frozen: a change of it is a decision. `deno task surface` writes the new
 * one to tests/public_surface.txt.
 * @module
 */
import { assertEquals } from "@std/assert";
import { type ModuleDocs, parseModuleDocs } from "../tools/site/doc_json.ts";
import { readPublicSurface, surfaceText, symbolsOf } from "./support/public_surface.ts";

const root = new URL("..", import.meta.url);
const file = new URL("tests/public_surface.txt", root);

Deno.test("the public surface is the one that was decided on", async () => {
  const surface = await readPublicSurface(root);
  if (Deno.args.includes("--update")) await Deno.writeTextFile(file, surface);
  assertEquals(
    surface,
    await Deno.readTextFile(file),
    "The exported names or signatures changed, which users notice. If that is wanted, run " +
      "`deno task surface` and say in CHANGELOG.md what changes for them; otherwise undo it.",
  );
});

const position = { location: { filename: "file:///a.ts", line: 1, col: 0, byteIndex: 0 } };

function docsOf(...declarations: Record<string, unknown>[]): ModuleDocs {
  const symbols = [{
    name: "take",
    declarations: declarations.map((it) => ({
      ...position,
      declarationKind: "export",
      jsDoc: { doc: "A docstring." },
      ...it,
    })),
  }];
  return parseModuleDocs({ version: 2, nodes: { "file:///a.ts": { symbols } } });
}

const string = { kind: "keyword", repr: "string", value: "string" };
const number = { kind: "keyword", repr: "number", value: "number" };

function takes(type: unknown, hasBody: boolean): Record<string, unknown> {
  const params = [{ kind: "identifier", name: "value", optional: true, tsType: type }];
  return { kind: "function", def: { params, returnType: number, hasBody } };
}

Deno.test("the surface has names and signatures, and neither docs nor positions", () => {
  const symbols = symbolsOf(docsOf(takes(string, true)));
  assertEquals(
    surfaceText([{ name: ".", symbols }, { name: "./bot", symbols }]),
    "# .\n\ntake\n\n# ./bot\n\ntake\n\n# Signatures\n\nfunction take(value?: string): number\n",
  );
});

Deno.test("the surface has every overload, but not the implementation behind them", () => {
  const declarations = [takes(string, false), takes(number, false), takes(string, true)];
  assertEquals([...symbolsOf(docsOf(...declarations))], [["take", [
    "function take(value?: string): number",
    "function take(value?: number): number",
  ]]]);
});

Deno.test("the surface has no private member of a class, and none that its docs hide", () => {
  const method = (name: string, extra: Record<string, unknown>) => ({
    name,
    kind: "method",
    functionDef: { params: [], returnType: number, hasBody: true },
    ...extra,
  });
  const methods = [
    method("hidden", { jsDoc: { tags: [{ kind: "ignore" }] } }),
    method("inner", { accessibility: "private" }),
    method("open", { isStatic: true }),
  ];
  assertEquals([...symbolsOf(docsOf({ kind: "class", def: { methods } }))], [
    ["take", ["class take {\n  static open(): number\n}"]],
  ]);
});
